import type { Consumption } from '../../api/types';

type Use = Consumption['periods'][number]['now'];

/** A use in thousandths of the medium's unit. */
export interface Side {
  use: number;
  estimated: number;
  /** For how many of its days something is known of every meter that counts. */
  days: number;
  /** Whether nothing at all is known of one of several meters. */
  missing: boolean;
}

/** A month of one medium; null where nothing is known: a gap is no zero. */
export interface Month {
  first: string;
  last: string;
  of: number;
  /** Whether the month is not over yet: of the year before, too, only the same days count. */
  running: boolean;
  now: Side | null;
  before: Side | null;
}

const DAY = 86_400_000;
export const MONTHS = 12;
const THOUSANDTHS = 1000;
const STEPS = [THOUSANDTHS, 100, 10, 1];

/** Whole thousandths: sums of decimals would drift. */
const milli = (text: string): number => Math.round(Number(text) * THOUSANDTHS);

const days = (first: string, last: string): number => Math.round((Date.parse(last) - Date.parse(first)) / DAY) + 1;

/** The period that is shown: this month and the eleven before. */
export function lastMonths(today: string): { from: string; to: string } {
  const [year = 0, month = 1] = today.split('-').map(Number);
  const from = new Date(Date.UTC(year, month - MONTHS, 1)).toISOString().slice(0, 10);
  return { from, to: today };
}

/** The months of all meters of a medium as one. */
export function sumMonths(meters: readonly Pick<Consumption, 'periods'>[]): Month[] {
  const firsts = [...new Set(meters.flatMap(({ periods }) => periods.map(({ first }) => first)))].sort();
  return firsts.map((first) => {
    const parts = meters.flatMap(({ periods }) => periods.filter((period) => period.first === first));
    const last = parts[0]?.last ?? first;
    return {
      first,
      last,
      of: days(first, last),
      running: new Date(Date.parse(last) + DAY).getUTCDate() !== 1,
      now: total(parts.map((part) => part.now)),
      before: total(parts.map((part) => part.last_year)),
    };
  });
}

function total(uses: readonly Use[]): Side | null {
  const known = uses.filter(({ actual_days, estimated_days }) => actual_days + estimated_days > 0);
  if (known.length === 0) return null;
  return {
    use: known.reduce((sum, { use }) => sum + milli(use), 0),
    estimated: known.reduce((sum, { estimated }) => sum + milli(estimated), 0),
    days: Math.min(...known.map(({ actual_days, estimated_days }) => actual_days + estimated_days)),
    missing: known.length < uses.length,
  };
}

/** Whether every day of every meter is known; a February may be a day shorter than that of the year before. */
export const isWhole = (side: Side | null, of: number): boolean =>
  side !== null && !side.missing && side.days >= of - (of === 29 ? 1 : 0);

const TEN = 10 * THOUSANDTHS;

/** Kilowatt-hours and units of allocators are counted whole: what spreading between two readings adds behind the point says nothing. */
export function wholeUnits(months: readonly Month[], unit: string): readonly Month[] {
  const most = Math.max(...months.flatMap(({ now, before }) => [now?.use ?? 0, before?.use ?? 0]), 0);
  if (unit === 'm3' || most < TEN) return months;
  const round = (thousandths: number) => Math.round(thousandths / THOUSANDTHS) * THOUSANDTHS;
  const whole = (side: Side | null) => side && { ...side, use: round(side.use), estimated: round(side.estimated) };
  return months.map((month) => ({ ...month, now: whole(month.now), before: whole(month.before) }));
}

/** How many decimals it takes to write these thousandths. */
export const decimalsOf = (uses: readonly number[]): number =>
  STEPS.findIndex((step) => uses.every((use) => use % step === 0));

/** The end of the scale: 1, 2 or 5 and zeros. */
export function scaleEnd(months: readonly Month[]): number {
  const most = Math.max(...months.flatMap(({ now, before }) => [now?.use ?? 0, before?.use ?? 0]), 0) / THOUSANDTHS;
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most * (1 - 1e-9)) ?? 10) * power;
}

export interface YearSum {
  /** How many months are summed: those that are over and wholly known. */
  count: number;
  /** Their use, in thousandths. */
  use: number;
  /** The use of the same months a year before; null where one of them is not wholly known. */
  before: number | null;
}

/** The use of all months that are wholly known; null where there is none. */
export function yearSum(months: readonly Month[]): YearSum | null {
  const whole = months.filter(({ now, of, running }) => !running && isWhole(now, of));
  if (whole.length === 0) return null;
  const sum = (side: 'now' | 'before') => whole.reduce((total, month) => total + (month[side]?.use ?? 0), 0);
  const isComparable = whole.every(({ before, of }) => isWhole(before, of));
  return { count: whole.length, use: sum('now'), before: isComparable ? sum('before') : null };
}

export const inUnits = (thousandths: number): number => thousandths / THOUSANDTHS;
