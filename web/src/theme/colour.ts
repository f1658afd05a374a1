/** Colour arithmetic: an organisation's colour is a wish; what is shown is computed so that everybody can read it. */

export type Rgb = readonly [number, number, number];

export const PAPER = { light: '#faf9f7', dark: '#161513' } as const;
/** Normal text needs 4.5 : 1 (WCAG 1.4.3); more than that leaves room for backgrounds that are tinted with the accent. */
export const TEXT_CONTRAST = 5.6;

export function parseColour(text: string | null | undefined): Rgb | null {
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec((text ?? '').trim())?.[1];
  if (!hex) return null;
  const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
  const part = (at: number) => Number.parseInt(long.slice(at, at + 2), 16) / 255;
  return [part(0), part(2), part(4)];
}

export function formatColour(colour: Rgb): string {
  const part = (value: number) =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${colour.map(part).join('')}`;
}

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const toGamma = (value: number) =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * Math.max(0, value) ** (1 / 2.4) - 0.055;

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map(toLinear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// OKLab keeps the hue when the lightness changes (Ottosson's matrices), which HSL does not.
function toOklab(colour: Rgb): Rgb {
  const [red, green, blue] = colour.map(toLinear) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  return linear.map((value) => Math.min(1, Math.max(0, toGamma(value)))) as unknown as Rgb;
}

/** The wished colour, made darker or lighter until it reads on `paper`; the hue stays. */
export function readable(wish: Rgb, paper: Rgb, least = TEXT_CONTRAST): Rgb {
  const darker = luminance(paper) > 0.18;
  const [start, a, b] = toOklab(wish);
  for (let step = 0; step <= 100; step += 1) {
    const lightness = darker ? start * (1 - step / 100) : start + (1 - start) * (step / 100);
    // Very light and very dark colours hold little chroma: let it fade with the distance.
    const fade = darker ? 1 : 1 - 0.4 * (step / 100);
    const parsed = parseColour(formatColour(fromOklab([lightness, a * fade, b * fade]))) as Rgb;
    if (contrast(parsed, paper) >= least) return parsed;
  }
  return darker ? [0, 0, 0] : [1, 1, 1];
}

/** Black or white, whichever reads better on `colour` (one of them always reaches 4.5 : 1). */
export function inkOn(colour: Rgb): Rgb {
  const white: Rgb = [1, 1, 1];
  const black: Rgb = [0, 0, 0];
  return contrast(white, colour) >= contrast(black, colour) ? white : black;
}
