import { describe, expect, it } from 'vitest';
import {
  date,
  fromLocalInput,
  grouped,
  instant,
  localInput,
  minorDigits,
  money,
  number,
  parseAmount,
  plainAmount,
  relative,
  today,
  typedAmount,
  weekday,
} from '../src/i18n/format';

/** The different spaces that languages put into numbers, made plain. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it.each([
    ['pl', 'PLN', '12 345,67 zł'],
    ['uk', 'UAH', '12 345,67 ₴'],
    ['nb', 'NOK', '12 345,67 kr'],
    ['fr', 'EUR', '12 345,67 €'],
    ['en', 'PLN', 'PLN 12,345.67'],
  ] as const)('reads in %s as its readers write it', (locale, currency, text) => {
    expect(plain(money(1234567, currency, locale)).replace('грн', '₴')).toBe(text);
  });

  it('takes the number of decimals from the currency', () => {
    expect(minorDigits('PLN')).toBe(2);
    expect(minorDigits('JPY')).toBe(0);
    expect(plainAmount(5, 'PLN')).toBe('0.05');
    expect(plainAmount(-1230, 'PLN')).toBe('-12.30');
    expect(plainAmount(1230, 'JPY')).toBe('1230');
    expect(typedAmount(123450, 'PLN', 'pl')).toBe('1234,50');
    expect(typedAmount(123450, 'GBP', 'en')).toBe('1234.50');
    expect(parseAmount(typedAmount(123450, 'NOK', 'nb'), 'NOK')).toBe(123450);
  });

  it('is exact where a float would not be', () => {
    expect(money(Number.MAX_SAFE_INTEGER, 'EUR', 'en')).toBe('€90,071,992,547,409.91');
  });
});

describe('amounts that people type', () => {
  it.each([
    ['1234,50', 123450],
    ['1 234,50', 123450],
    ['1\u00a0234,5', 123450],
    ['1.234,50', 123450],
    ['1,234.50', 123450],
    ['0,01', 1],
    ['12', 1200],
    // Three digits can only be thousands where the currency has two decimals.
    ['12,345', 1234500],
  ])('%s', (typed, minor) => {
    expect(parseAmount(typed, 'PLN')).toBe(minor);
  });

  it.each(['', 'abc', '-5', '1,2,3', '12,345,6', '12.34.56', '99999999999999999'])('refuses "%s"', (typed) => {
    expect(parseAmount(typed, 'PLN')).toBeNull();
  });

  it('refuses decimals that the currency does not have', () => {
    expect(parseAmount('12,5', 'JPY')).toBeNull();
    expect(parseAmount('12', 'JPY')).toBe(12);
  });
});

describe('dates', () => {
  it.each([
    ['pl', '1 marca 2015'],
    ['uk', '1 березня 2015 р.'],
    ['nb', '1. mars 2015'],
    ['fr', '1 mars 2015'],
    ['en', '1 March 2015'],
  ] as const)('a civil date in %s, whatever the zone of the machine', (locale, text) => {
    expect(plain(date('2015-03-01', 'long', locale))).toBe(text);
  });

  it('an instant stands in the zone of the organisation', () => {
    expect(instant('2026-11-22T23:30:00Z', 'Europe/Warsaw', 'en')).toContain('23 Nov 2026');
    expect(instant('2026-11-22T23:30:00Z', 'UTC', 'en')).toContain('22 Nov 2026');
  });

  it('days of the week begin on Monday', () => {
    expect([weekday(1, 'en'), weekday(7, 'pl')]).toEqual(['Monday', 'niedziela']);
  });

  it('today depends on the zone', () => {
    const now = new Date('2026-11-22T23:30:00Z');
    expect(today('Europe/Kyiv', now)).toBe('2026-11-23');
    expect(today('UTC', now)).toBe('2026-11-22');
  });
});

it('writes numbers and account numbers for the reader', () => {
  expect(number('48.60', 'pl')).toBe('48,6');
  expect(grouped('PL29114010810000267002001002')).toBe('PL29 1140 1081 0000 2670 0200 1002');
  expect(grouped('XX000000000001')).toBe('XX000000000001');
});

describe('times', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  it.each([
    ['2026-11-22T15:10:00Z', 'en', 'in 3 hours'],
    ['2026-11-22T11:20:00Z', 'en', '40 minutes ago'],
    ['2026-11-24T13:00:00Z', 'pl', 'pojutrze'],
    ['2026-11-17T12:00:00Z', 'nb', 'for 5 døgn siden'],
  ] as const)('%s in %s is %s', (iso, locale, text) => {
    expect(plain(relative(iso, now, locale))).toBe(text);
  });

  it.each([
    ['2026-11-24T09:30', 'Europe/Warsaw', '2026-11-24T08:30:00.000Z'],
    ['2026-07-01T00:05', 'Europe/Kyiv', '2026-06-30T21:05:00.000Z'],
    ['2026-10-25T03:30', 'Europe/Oslo', '2026-10-25T02:30:00.000Z'],
    ['2026-03-29T04:00', 'Europe/Oslo', '2026-03-29T02:00:00.000Z'],
  ])('%s typed in %s is %s, and back', (typed, zone, iso) => {
    expect(fromLocalInput(typed, zone)).toBe(iso);
    expect(localInput(iso, zone)).toBe(typed);
  });

  it.each([
    '',
    '2026-11-24',
    '2026-13-01T10:00',
    'x',
    '0026-11-24T10:00',
    '0999-11-24T10:00',
    '9999-12-31T23:59',
    '12026-11-24T10:00',
  ])('"%s" is no time', (typed) => {
    expect(fromLocalInput(typed, 'Europe/Oslo')).toBeNull();
  });
});
