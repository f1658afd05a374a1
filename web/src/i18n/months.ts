import { tag } from './format';

/** The month of a civil date, with its year or as its first letter. */
export function monthName(iso: string, style: 'long' | 'short' | 'narrow'): string {
  const [year, month] = iso.split('-').map(Number);
  const options: Intl.DateTimeFormatOptions = style === 'long' ? { month: 'long', year: 'numeric' } : { month: style };
  return new Intl.DateTimeFormat(tag(), { ...options, timeZone: 'UTC' }).format(
    Date.UTC(year ?? 0, (month ?? 1) - 1, 1),
  );
}
