import type { Locale } from './languages';
import { locale } from './locale';

/** The reader's conventions: English as Europe writes it (31 December 2026, not December 31). */
const TAGS: Record<Locale, string> = { en: 'en-GB', pl: 'pl-PL', uk: 'uk-UA', nb: 'nb-NO', fr: 'fr-FR' };

export function tag(of: Locale = locale.value): string {
  return TAGS[of];
}

const formats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string, of: Locale): Intl.NumberFormat {
  const key = `${of} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(tag(of), { style: 'currency', currency });
    formats.set(key, format);
  }
  return format;
}

/** How many digits stand after the point: 2 for PLN, 0 for JPY. */
export function minorDigits(currency: string): number {
  return moneyFormat(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount in minor units as a plain decimal, exact ("-12.30"). */
export function plainAmount(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${minor < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}

/** An amount in minor units as the reader would type it into a field: with his decimal sign, in no groups ("1234,50"). */
export function typedAmount(minor: number, currency: string, of: Locale = locale.value): string {
  const sign = new Intl.NumberFormat(tag(of)).formatToParts(0.5).find((part) => part.type === 'decimal')?.value ?? '.';
  return plainAmount(minor, currency).replace('.', sign);
}

/** An amount in minor units with its currency, as the reader writes it. Never goes through a float. */
export function money(minor: number, currency: string, of: Locale = locale.value): string {
  return moneyFormat(currency, of).format(plainAmount(minor, currency) as Intl.StringNumericLiteral);
}

/** What a person typed ("1 234,50", "1,234.50", "12") in minor units; null when it is not an amount of this currency. */
export function parseAmount(typed: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const plain = typed.replace(/[\s\u00a0\u202f'’]/g, '');
  const match = /^(\d{1,3}(?:[.,]\d{3})+|\d+)(?:([.,])(\d*))?$/.exec(plain);
  if (!match) return null;
  const [, whole = '', mark = '', fraction = ''] = match;
  // One sign cannot part thousands and decimals at once: "12,345,6" is a slip.
  if (fraction.length > digits || (mark && whole.includes(mark))) return null;
  const minor = Number(whole.replace(/[.,]/g, '') + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : null;
}

const DATE_ONLY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A civil date as the reader writes it. Civil dates have no zone: they are shown as they stand. */
export function date(iso: string, style: 'long' | 'short' = 'long', of: Locale = locale.value): string {
  const match = DATE_ONLY.exec(iso);
  if (!match) return iso;
  const [, year, month, day] = match;
  const options: Intl.DateTimeFormatOptions =
    style === 'long'
      ? { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }
      : { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(tag(of), options).format(Date.UTC(Number(year), Number(month) - 1, Number(day)));
}

/** A month ("2026-10") as the reader calls it: "October 2026". */
export function month(iso: string, of: Locale = locale.value): string {
  const [year, number] = iso.split('-').map(Number);
  const options: Intl.DateTimeFormatOptions = { month: 'long', year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(tag(of), options).format(Date.UTC(year ?? 0, (number ?? 1) - 1));
}

/** An instant in the organisation's time zone. */
export function instant(iso: string, zone: string, of: Locale = locale.value): string {
  return new Intl.DateTimeFormat(tag(of), { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    new Date(iso),
  );
}

/** A day of the week, 1 Monday ... 7 Sunday, as the reader calls it. */
export function weekday(day: number, of: Locale = locale.value): string {
  // 1 January 2024 was a Monday.
  return new Intl.DateTimeFormat(tag(of), { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
}

/** Today's civil date in a time zone, as YYYY-MM-DD. */
export function today(zone: string, now: Date = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  );
}

/** A plain number ("47.5" square metres) as the reader writes it. */
export function number(value: number | string, of: Locale = locale.value): string {
  return new Intl.NumberFormat(tag(of)).format(value as Intl.StringNumericLiteral);
}

/** An account number in groups of four, as banks print it; shorter references stay in one piece. */
export function grouped(text: string): string {
  return /^([A-Z]{2}\d{13,}|\d{20,})$/.test(text) ? text.replace(/(.{4})(?=.)/g, '$1 ') : text;
}

const MINUTE = 60_000;
const STEPS: [unit: Intl.RelativeTimeFormatUnit, length: number, upTo: number][] = [
  ['minute', MINUTE, 60 * MINUTE],
  ['hour', 60 * MINUTE, 36 * 60 * MINUTE],
  ['day', 24 * 60 * MINUTE, Number.POSITIVE_INFINITY],
];

/** How far an instant is from now, in the reader's words: "in 3 hours", "2 days ago". */
export function relative(iso: string, now: number = Date.now(), of: Locale = locale.value): string {
  const distance = new Date(iso).getTime() - now;
  const [unit, length] = STEPS.find(([, , upTo]) => Math.abs(distance) < upTo) ?? ['day', 24 * 60 * MINUTE];
  return new Intl.RelativeTimeFormat(tag(of), { numeric: 'auto' }).format(Math.trunc(distance / length), unit);
}

/** An instant as a field of date and time wants it ("2026-11-24T09:30"), in a time zone. */
export function localInput(iso: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * The instant that a field of date and time means in a time zone; null when it is none, also for a year that is a slip ("26", which
 * browsers give as "0026"). In the hour that comes twice, one of the two.
 */
export function fromLocalInput(typed: string, zone: string): string | null {
  const wanted = Date.parse(`${typed}Z`);
  if (!/^(19|2\d)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(typed) || Number.isNaN(wanted)) return null;
  let guess = wanted;
  // The offset may be another one at the first guess; the second look settles it.
  for (let turn = 0; turn < 2; turn += 1)
    guess += wanted - Date.parse(`${localInput(new Date(guess).toISOString(), zone)}Z`);
  return new Date(guess).toISOString();
}
