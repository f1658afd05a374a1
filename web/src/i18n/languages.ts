import type { Locale } from '../paraglide/runtime.js';
import { recall } from '../session/memory';

export type { Locale };
export const LOCALES = ['en', 'pl', 'uk', 'nb', 'fr'] as const satisfies readonly Locale[];

/** Languages name themselves, so that a reader finds his own whatever is shown now. */
export const LANGUAGE_NAMES: Record<Locale, string> = {
  en: 'English',
  pl: 'Polski',
  uk: 'Українська',
  nb: 'Norsk bokmål',
  fr: 'Français',
};

/** What this device keeps: the reader's own choice, and the language last known of the person or the organisation. */
export const CHOSEN = 'lokum.locale';
export const KNOWN = 'lokum.locale.known';

/** The supported locale for a language tag ("nn-NO", "no" and "nb" are all Norwegian here), or null. */
export function supported(tag: string | null | undefined): Locale | null {
  const language = (tag ?? '').toLowerCase().split(/[-_]/)[0] ?? '';
  const wanted = language === 'no' || language === 'nn' ? 'nb' : language;
  return LOCALES.find((one) => one === wanted) ?? null;
}

/** What a page that is opened now shows: the reader's choice, what is known of him, his browser's languages, English. */
export function firstLocale(): Locale {
  const wishes = [recall(CHOSEN), recall(KNOWN), ...(navigator.languages ?? [])];
  return wishes.map(supported).find((one) => one !== null) ?? 'en';
}
