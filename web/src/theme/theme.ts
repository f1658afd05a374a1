import { effect, signal } from '@preact/signals';
import type { PublicOrganisation, Theme } from '../api/types';
import { recall, remember } from '../session/memory';
import { formatColour, inkOn, PAPER, parseColour, type Rgb, readable } from './colour';

export type Look = Pick<PublicOrganisation, 'slug' | 'name' | 'locale' | 'theme' | 'password_rules'>;
export type Appearance = 'device' | 'light' | 'dark';

const LOOK = 'lokum.organisation';
const APPEARANCE = 'lokum.appearance';
const OWN_ACCENT = '#0f5c63';

/** The custom properties of a theme: accent and the ink on it, for light and for dark. */
export function themeProperties(theme: Pick<Theme, 'accent'> | null): Record<string, string> {
  const own = parseColour(OWN_ACCENT) as Rgb;
  const wish = parseColour(theme?.accent) ?? own;
  const onLight = readable(wish, parseColour(PAPER.light) as Rgb);
  const onDark = readable(wish, parseColour(PAPER.dark) as Rgb);
  return {
    '--accent-light': formatColour(onLight),
    '--accent-dark': formatColour(onDark),
    '--on-accent-light': formatColour(inkOn(onLight)),
    '--on-accent-dark': formatColour(inkOn(onDark)),
  };
}

function recallLook(): Look | null {
  try {
    return JSON.parse(recall(LOOK) ?? 'null') as Look | null;
  } catch {
    return null;
  }
}

/** The organisation whose look is shown: remembered on this device, so that its sign-in page is its own. */
export const look = signal<Look | null>(recallLook());
export const appearance = signal<Appearance>((recall(APPEARANCE) as Appearance | null) ?? 'device');

export function keepOrganisation(organisation: Look): void {
  const { slug, name, locale, theme, password_rules } = organisation;
  look.value = { slug, name, locale, theme, password_rules };
  remember(LOOK, JSON.stringify(look.value));
}

export function forgetOrganisation(): void {
  look.value = null;
  remember(LOOK, null);
}

export function chooseAppearance(wanted: Appearance): void {
  remember(APPEARANCE, wanted === 'device' ? null : wanted);
  appearance.value = wanted;
}

/** Keeps the document's look in step; set through the style object model, which a strict policy allows. */
export function wearTheme(root: HTMLElement = document.documentElement): () => void {
  return effect(() => {
    for (const [name, value] of Object.entries(themeProperties(look.value?.theme ?? null))) {
      root.style.setProperty(name, value);
    }
    root.dataset.appearance = appearance.value;
  });
}
