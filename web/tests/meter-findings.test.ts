import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../src/i18n/languages';
import { locale } from '../src/i18n/locale';
import { FINDINGS, findingText } from '../src/i18n/meter-findings';
import { counter, MEDIA, measured, READING_STATUS, READING_TEXTS, roundly } from '../src/i18n/meter-words';
import { everyFinding, finding } from './meter-fixtures';

const openapi = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'openapi.json'), 'utf8'));
const values = (schema: string, field: string): string[] => openapi.components.schemas[schema].properties[field].enum;

it('every code, medium and status of the wire has words', () => {
  expect(Object.keys(FINDINGS).sort()).toEqual(values('FindingResponse', 'code').toSorted());
  expect(Object.keys(MEDIA).sort()).toEqual(values('MeterSummary', 'medium').toSorted());
  // A reading that is asked back is stored nowhere, so that nobody reads of its status.
  expect([...Object.keys(READING_STATUS), 'submitted'].sort()).toEqual(values('StreamEntry', 'status').toSorted());
  expect(new Set(everyFinding.map(({ code }) => code))).toEqual(new Set(values('FindingResponse', 'code')));
});

describe.each(LOCALES.map((one) => [one]))('in %s', (one) => {
  it('a finding is a sentence with its numbers, never a code or a hole', () => {
    locale.value = one;
    for (const each of everyFinding) {
      const text = findingText(each, 'm3');
      expect(text.length, text).toBeGreaterThan(15);
      expect(text).not.toMatch(/undefined|NaN|Invalid|_|\d{4}-\d{2}|\[object/);
      expect(findingText(each, 'm3', 2)).not.toBe(text);
    }
    for (const words of Object.values(READING_TEXTS)) expect(words()).not.toContain('_');
  });
});

describe('numbers', () => {
  it('are said as the reader writes them', () => {
    locale.value = 'pl';
    expect(counter('00412.350')).toBe('00412,350');
    expect(measured('4.250', 'm3')).toBe('4,25 m³');
    expect([0.4295, 0.0045, 12.34, 456.7].map(roundly)).toEqual(['0,43', '0,0045', '12,3', '457']);
    locale.value = 'uk';
    expect(measured('1234.5', 'kWh')).toMatch(/^1\s234,5 кВт·год$/);
    locale.value = 'en';
    expect(counter('00412.350')).toBe('00412.350');
  });

  it.each([
    ['en', '0.4295', '0.1545', 'About 3 times the usual use: 0.43 m³ a day instead of 0.15 m³.'],
    ['pl', '0.4295', '0.1545', 'Około 3 razy tyle co zwykle: 0,43 m³ dziennie zamiast 0,15 m³.'],
    ['pl', '0.8000', '0.1600', 'Około 5 razy tyle co zwykle: 0,8 m³ dziennie zamiast 0,16 m³.'],
    ['pl', '0.4000', '0.1600', 'Około 2,5 raza tyle co zwykle: 0,4 m³ dziennie zamiast 0,16 m³.'],
    ['uk', '0.4295', '0.1545', 'Приблизно в 3 рази більше, ніж зазвичай: 0,43 м³ на день замість 0,15 м³'],
    ['uk', '0.8000', '0.1600', 'Приблизно в 5 разів більше, ніж зазвичай: 0,8 м³ на день замість 0,16 м³'],
    ['nb', '0.4295', '0.1545', 'Omtrent 3 ganger så mye som vanlig: 0,43 m³ om dagen i stedet for 0,15 m³.'],
    ['en', '3.0000', '0.1600', 'About 20 times the usual use: 3 m³ a day instead of 0.16 m³.'],
  ] as const)('%s: %s a day instead of %s', (one, daily, expected_daily, words) => {
    locale.value = one;
    expect(findingText(finding('HIGH', 'warn', { daily, expected_daily, daily_bound: '0.3' }), 'm3')).toBe(words);
  });

  it('far more is not counted', () => {
    locale.value = 'en';
    const far = finding('HIGH', 'hold', { daily: '1.132', expected_daily: '0.0045', daily_bound: '0.01' });
    expect(findingText(far, 'm3')).toBe('Far more than usual: 1.1 m³ a day instead of 0.0045 m³.');
  });

  it('a unit with a stop ends a sentence with one', () => {
    locale.value = 'pl';
    const high = finding('HIGH', 'warn', { daily: '0.9', expected_daily: '0.29', daily_bound: '0.4' });
    expect(findingText(high, 'units')).toMatch(/0,29 jedn\.$/);
  });

  it('whose contract it is, not since when the meter hangs', () => {
    locale.value = 'en';
    const early = finding('BEFORE_INSTALL', 'reject', { contract_from: '2025-10-01' });
    expect(findingText(early, 'm3')).toContain('Your contract here begins on 1 October 2025');
    const late = finding('ARCHIVED', 'reject', { contract_until: '2026-09-30' });
    expect(findingText(late, 'm3')).toContain('Your contract here ended on 30 September 2026');
  });

  it('without a usual use there is the bound, and several registers are named', () => {
    locale.value = 'en';
    const high = finding('HIGH', 'warn', { daily: '0.9', daily_bound: '0.2' });
    expect(findingText(high, 'm3')).toBe('That is a great deal: 0.9 m³ a day. More than 0.2 m³ is unusual.');
    expect(findingText({ ...high, register: 1 }, 'kWh', 2)).toMatch(/^Tariff 2: That is .* 0\.9 kWh/);
  });
});
