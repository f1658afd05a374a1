import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CHOSEN, firstLocale, KNOWN, LOCALES, supported } from '../src/i18n/languages';
import { locales } from '../src/paraglide/runtime.js';
import { remember } from '../src/session/memory';

let reload: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  localStorage.clear();
  vi.resetModules();
  reload = vi.spyOn(location, 'reload').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.doUnmock('../src/paraglide/runtime.js');
});

const browserSpeaks = (...tags: string[]) => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);

/** The site as it is built for one language. */
async function built(one: string) {
  vi.doMock('../src/paraglide/runtime.js', async (load) => ({
    ...(await load<typeof import('../src/paraglide/runtime.js')>()),
    experimentalStaticLocale: one,
  }));
  return import('../src/i18n/locale');
}

/** Whether this ended; what leads to another load never does. */
const ended = (work: Promise<void>) =>
  Promise.race([work.then(() => true), new Promise((done) => setTimeout(() => done(false)))]);

it('knows the languages of the texts', () => {
  expect([...LOCALES]).toEqual([...locales]);
  expect(supported('no')).toBe('nb');
  expect(supported('nn-NO')).toBe('nb');
  expect(supported('pl-PL')).toBe('pl');
  expect(supported('de')).toBeNull();
});

it('begins with the own choice, then what is known of the person, then the browser, then English', () => {
  browserSpeaks('de-DE', 'nn-NO', 'fr');
  expect(firstLocale()).toBe('nb');
  remember(KNOWN, 'uk');
  expect(firstLocale()).toBe('uk');
  remember(CHOSEN, 'pl');
  expect(firstLocale()).toBe('pl');
  remember(CHOSEN, 'xx');
  expect(firstLocale()).toBe('uk');
  localStorage.clear();
  browserSpeaks('de');
  expect(firstLocale()).toBe('en');
});

it('loads the page again for another language, and only then', async () => {
  browserSpeaks('en');
  const { chooseLocale, locale } = await built('en');
  expect(document.documentElement.lang).toBe('en');
  chooseLocale('en');
  expect(reload).not.toHaveBeenCalled();
  chooseLocale('fr');
  expect(reload).toHaveBeenCalledOnce();
  expect(localStorage.getItem(CHOSEN)).toBe('fr');
  expect(locale.value).toBe('en');
});

it("takes the person's language once, and never against an own choice", async () => {
  browserSpeaks('en');
  const first = await built('en');
  expect(await ended(first.suggestLocale('uk-UA'))).toBe(false);
  expect(reload).toHaveBeenCalledOnce();
  vi.resetModules();
  const second = await built(firstLocale());
  expect(second.locale.value).toBe('uk');
  expect(await ended(second.suggestLocale('uk-UA'))).toBe(true);
  remember(CHOSEN, 'uk');
  expect(await ended(second.suggestLocale('pl'))).toBe(true);
  expect(await ended(second.suggestLocale('de'))).toBe(true);
  expect(reload).toHaveBeenCalledOnce();
});

it('never loads again and again where the browser keeps nothing', async () => {
  browserSpeaks('en');
  const { suggestLocale, chooseLocale } = await built('en');
  vi.stubGlobal('localStorage', undefined);
  expect(await ended(suggestLocale('uk'))).toBe(true);
  chooseLocale('pl');
  expect(reload).not.toHaveBeenCalled();
});

it('starts with the file of the language that the page names', async () => {
  browserSpeaks('fr-FR');
  const files = LOCALES.map(
    (one) => `<meta name="site-${one}" content="data:text/javascript,globalThis.started='${one}'">`,
  );
  document.head.innerHTML = files.join('');
  await import('../src/start');
  await vi.waitFor(() => expect((globalThis as { started?: string }).started).toBe('fr'));
});
