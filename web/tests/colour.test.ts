import { describe, expect, it } from 'vitest';
import { contrast, formatColour, inkOn, PAPER, parseColour, type Rgb, readable } from '../src/theme/colour';
import { themeProperties } from '../src/theme/theme';

const rgb = (hex: string) => parseColour(hex) as Rgb;
const WISHES = [
  '#f2c200',
  '#ffffff',
  '#000000',
  '#1f5f8b',
  '#b3123f',
  '#5b3a8c',
  '#00ff00',
  '#0000ff',
  '#808080',
  '#ff69b4',
];

/** What the style sheet does for soft backgrounds, near enough: a little of one colour in another. */
function mix(colour: Rgb, paper: Rgb, share: number): Rgb {
  return paper.map((value, index) => value * (1 - share) + (colour[index] ?? 0) * share) as unknown as Rgb;
}

describe.each(WISHES)('the wished accent %s', (wish) => {
  const properties = themeProperties({ accent: wish });
  const get = (name: string) => rgb(properties[name] as string);

  it.each([
    ['light', PAPER.light, '#ffffff'],
    ['dark', PAPER.dark, '#201e1b'],
  ])('reads on %s', (mode, paper, surface) => {
    const accent = get(`--accent-${mode}`);
    expect(contrast(accent, rgb(paper))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent, rgb(surface))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent, mix(accent, rgb(surface), 0.09))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(get(`--on-accent-${mode}`), accent)).toBeGreaterThanOrEqual(4.5);
  });
});

it('leaves a colour alone that reads already', () => {
  expect(formatColour(readable(rgb('#1f5f8b'), rgb(PAPER.light)))).toBe('#1f5f8b');
});

it('keeps the hue: a darkened yellow is still more yellow than blue', () => {
  const [red, green, blue] = readable(rgb('#f2c200'), rgb(PAPER.light));
  expect(red).toBeGreaterThan(blue + 0.2);
  expect(green).toBeGreaterThan(blue + 0.2);
});

it('falls back to our own colour when the wish is none', () => {
  const own = themeProperties(null);
  expect(themeProperties({ accent: 'red; background: url(x)' })).toEqual(own);
  expect(themeProperties({ accent: '' })).toEqual(own);
});

it('knows the contrast of the standard examples', () => {
  expect(contrast(rgb('#fff'), rgb('#000'))).toBeCloseTo(21, 5);
  expect(contrast(rgb('#777777'), rgb('#ffffff'))).toBeCloseTo(4.48, 2);
  expect(formatColour(inkOn(rgb('#ffff00')))).toBe('#000000');
  expect(formatColour(inkOn(rgb('#000080')))).toBe('#ffffff');
});
