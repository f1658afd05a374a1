import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../src/i18n/languages';
import { m } from '../src/paraglide/messages.js';

type Plural = { declarations: string[]; match: Record<string, string> };
type Message = string | Plural[];

const root = join(import.meta.dirname, '..');

function messages(locale: string): Record<string, Message> {
  const { $schema: _, ...all } = JSON.parse(readFileSync(join(root, 'messages', `${locale}.json`), 'utf8'));
  return all;
}

const source = messages('en');
const forms = (message: Message): string[] =>
  typeof message === 'string' ? [message] : Object.values(message[0]?.match ?? {});
const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'paraglide' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

describe.each(LOCALES.map((locale) => [locale]))('the texts in %s', (locale) => {
  const texts = messages(locale);

  it('are the same ones as in English', () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(source).sort());
  });

  it('are not empty, and use the same values', () => {
    for (const [key, message] of Object.entries(texts)) {
      const wanted = [...new Set(forms(source[key] as Message).flatMap(names))].sort();
      for (const form of forms(message)) {
        expect(form.trim(), key).not.toBe('');
        for (const name of names(form)) expect(wanted, `${key}: {${name}}`).toContain(name);
      }
      expect([...new Set(forms(message).flatMap(names))].sort(), key).toEqual(wanted);
    }
  });

  it('have every plural form of the language', () => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
    for (const [key, message] of Object.entries(texts)) {
      if (typeof message === 'string') continue;
      expect(
        Object.keys(message[0]?.match ?? {})
          .map((form) => form.split('=')[1])
          .toSorted(),
        key,
      ).toEqual(wanted);
    }
  });
});

it('every text is used', () => {
  const used = new Set(
    sources(join(root, 'src')).flatMap((text) => [...text.matchAll(/\bm\.(\w+)/g)].map((match) => match[1])),
  );
  expect(Object.keys(source).filter((key) => !used.has(key))).toEqual([]);
});

describe('plural forms', () => {
  it.each([
    ['pl', 1, '1 przelew do wyjaśnienia'],
    ['pl', 2, '2 przelewy do wyjaśnienia'],
    ['pl', 5, '5 przelewów do wyjaśnienia'],
    ['pl', 22, '22 przelewy do wyjaśnienia'],
    ['uk', 1, '1 нерозпізнаний переказ'],
    ['uk', 3, '3 нерозпізнані перекази'],
    ['uk', 11, '11 нерозпізнаних переказів'],
    ['uk', 21, '21 нерозпізнаний переказ'],
    ['nb', 1, '1 uavklart innbetaling'],
    ['nb', 2, '2 uavklarte innbetalinger'],
    ['fr', 1, '1 virement à rapprocher'],
    ['fr', 2, '2 virements à rapprocher'],
    ['en', 1, '1 transfer to match'],
    ['en', 2, '2 transfers to match'],
  ] as const)('%s %i', (locale, count, text) => {
    expect(m.home_transfers({ count }, { locale })).toBe(text);
  });
});
