import { effect, signal } from '@preact/signals';
import { experimentalStaticLocale as built, overwriteGetLocale } from '../paraglide/runtime.js';
import { recall, remember } from '../session/memory';
import { CHOSEN, firstLocale, KNOWN, type Locale, supported } from './languages';

/** The language that is shown: the one that these files were built for, or any while the site is developed and tested. */
export const locale = signal<Locale>(built ?? firstLocale());
overwriteGetLocale(() => locale.value);
effect(() => {
  document.documentElement.lang = locale.value;
});

/** Keeps a language and shows it: by loading the page again where that makes a difference, and then nothing follows. */
function keep(key: string, wanted: Locale): Promise<void> {
  remember(key, wanted);
  if (!built) locale.value = wanted;
  else if (firstLocale() !== built) {
    location.reload();
    return new Promise(() => undefined);
  }
  return Promise.resolve();
}

/** The reader picks a language: kept on this device. */
export function chooseLocale(wanted: Locale): void {
  void keep(CHOSEN, wanted);
}

/** A language that we know of (the person's, the organisation's); an own choice on this device wins. Never ends when the page is loaded again. */
export async function suggestLocale(tag: string | null | undefined): Promise<void> {
  const wanted = supported(tag);
  if (wanted && !recall(CHOSEN)) await keep(KNOWN, wanted);
}
