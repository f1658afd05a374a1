import { tag } from './format';

/** The month of a civil date, with its year. */
export function monthName(iso: string): string {
  const [year, month] = iso.split('-').map(Number);
  return new Intl.DateTimeFormat(tag(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.UTC(year ?? 0, (month ?? 1) - 1, 1),
  );
}

/** A civil date without its year: "22 November". */
export const dayAlone = (iso: string): string =>
  new Intl.DateTimeFormat(tag(), { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(iso));
