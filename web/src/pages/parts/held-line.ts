import type { Consumption, HeldReading, StreamEntry } from '../../api/types';

const DAY = 86_400_000;

const dayOf = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY;

/** The first day of the month so many months before the one of a day. */
export function monthBack(iso: string, months: number): string {
  const [year = 0, month = 1] = iso.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

export interface Dot {
  day: number;
  value: number;
  estimated: boolean;
}

export interface Bar {
  first: number;
  last: number;
  /** Use of a day on average. */
  daily: number;
  estimated: boolean;
}

export interface Picture {
  start: number;
  end: number;
  /** What the counter showed; each counter that hung there is a line of its own. */
  lines: Dot[][];
  held: Dot;
  bars: Bar[];
  heldBar: Bar | null;
}

/** Of a meter with several registers the one that is doubted is drawn. */
export const registerOf = ({ findings }: HeldReading): number =>
  findings.find(({ register }) => register !== null)?.register ?? 0;

/** What is drawn of a meter's history, in days and in values of one register. */
export function pictureOf(
  reading: HeldReading,
  from: string,
  entries: readonly StreamEntry[],
  consumption: Consumption,
): Picture {
  const register = registerOf(reading);
  const start = dayOf(from);
  const held = { day: dayOf(reading.date), value: Number(reading.values[register] ?? 0), estimated: false };
  const lines = linesOf(entries, register, start);
  const bars = consumption.periods.flatMap(({ first, last, now }) => {
    const days = now.actual_days + now.estimated_days;
    const use = Number(now.registers[register] ?? now.use);
    if (days === 0) return [];
    return [{ first: dayOf(first), last: dayOf(last), daily: use / days, estimated: now.estimated_days > 0 }];
  });
  const use = reading.uses?.[register];
  const before = reading.last && dayOf(reading.last.date);
  const heldBar =
    use !== undefined && before !== null && held.day > before
      ? { first: before, last: held.day, daily: Number(use) / (held.day - before), estimated: false }
      : null;
  return { start, end: Math.max(held.day, ...lines.flat().map((dot) => dot.day)), lines, held, bars, heldBar };
}

/** The values that stand, the oldest first; an exchange of the counter ends one line and begins the next. */
function linesOf(entries: readonly StreamEntry[], register: number, start: number): Dot[][] {
  const lines: Dot[][] = [[]];
  const put = (values: readonly string[], day: number, estimated: boolean) => {
    const text = values[register];
    if (text !== undefined && day >= start) lines.at(-1)?.push({ day, value: Number(text), estimated });
  };
  const standing = entries.filter(({ status }) => status === 'accepted').toReversed();
  for (const { kind, date, values, closing } of standing) {
    const day = dayOf(date);
    if (kind === 'removed') put(closing, day, false);
    if (kind === 'replaced') {
      put(closing, day, false);
      lines.push([]);
    }
    if (kind === 'rolled_over') lines.push([]);
    if (kind !== 'removed') put(values, day, kind === 'estimated');
  }
  return lines.filter((line) => line.length > 0);
}
