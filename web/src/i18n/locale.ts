import { effect, signal } from '@preact/signals';
import { type Locale, locales, overwriteGetLocale } from '../paraglide/runtime.js';
import { recall, remember } from '../session/memory';

export type { Locale };
export const LOCALES: readonly Locale[] = locales;

/** Languages name themselves, so that a reader finds his own whatever is shown now. */
export const LANGUAGE_NAMES: Record<Locale, string> = {
  en: 'English',
  pl: 'Polski',
  uk: 'Українська',
  nb: 'Norsk bokmål',
  fr: 'Français',
};

const CHOSEN = 'lokum.locale';

/** The supported locale for a language tag ("nn-NO", "no" and "nb" are all Norwegian here), or null. */
export function supported(tag: string | null | undefined): Locale | null {
  const language = (tag ?? '').toLowerCase().split(/[-_]/)[0] ?? '';
  const wanted = language === 'no' || language === 'nn' ? 'nb' : language;
  return LOCALES.find((one) => one === wanted) ?? null;
}

/** What to show: the reader's own choice, then his browser's languages, then English. */
export function firstLocale(chosen: string | null, browser: readonly string[]): Locale {
  return supported(chosen) ?? browser.map(supported).find((one) => one !== null) ?? 'en';
}

export const locale = signal<Locale>(firstLocale(recall(CHOSEN), navigator.languages ?? []));
overwriteGetLocale(() => locale.value);
effect(() => {
  document.documentElement.lang = locale.value;
});

/** The reader picks a language: kept on this device. */
export function chooseLocale(wanted: Locale): void {
  remember(CHOSEN, wanted);
  locale.value = wanted;
}

/** A language that we know of (the person's, the organisation's); an own choice on this device wins. */
export function suggestLocale(tag: string | null | undefined): void {
  const wanted = supported(tag);
  if (wanted && !recall(CHOSEN)) locale.value = wanted;
}
