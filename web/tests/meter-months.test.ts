import { expect, it } from 'vitest';
import {
  decimalsOf,
  inUnits,
  lastMonths,
  scaleEnd,
  sumMonths,
  wholeUnits,
  yearSum,
} from '../src/pages/parts/meter-months';
import { gap, month, use } from './meter-fixtures';

const year = (now: string, before: string) =>
  Array.from({ length: 12 }, (_, index) => {
    const number = String(index + 1).padStart(2, '0');
    const last = new Date(Date.UTC(2026, index + 1, 0)).toISOString().slice(0, 10);
    return month(`2026-${number}-01`, last, use(now, 31), use(before, 31));
  });

it.each([
  ['2026-11-22', '2025-12-01'],
  ['2026-12-31', '2026-01-01'],
  ['2026-01-01', '2025-02-01'],
])('the twelve months that end on %s begin on %s', (to, from) => {
  expect(lastMonths(to)).toEqual({ from, to });
});

it('meters of a medium are summed without a drift, month by month', () => {
  const one = { periods: [month('2026-10-01', '2026-10-31', use('0.100', 31), use('0.300', 31))] };
  const other = { periods: [month('2026-10-01', '2026-10-31', use('0.200', 20, '0.150'), use('0.600', 31))] };
  const [october] = sumMonths([one, other]);
  expect(october).toMatchObject({
    of: 31,
    now: { use: 300, estimated: 150, days: 20, missing: false },
    before: { use: 900, estimated: 0 },
  });
  expect(inUnits(october?.now?.use ?? 0)).toBe(0.3);
});

it('a gap is no zero: what is not known of one meter is marked, of all it is nothing', () => {
  const [known] = sumMonths([
    { periods: [month('2026-10-01', '2026-10-31', use('1.000', 31), gap)] },
    { periods: [month('2026-10-01', '2026-10-31', gap, gap)] },
  ]);
  expect(known?.now).toMatchObject({ use: 1000, missing: true });
  expect(known?.before).toBeNull();
  const [zero] = sumMonths([{ periods: [month('2026-10-01', '2026-10-31', use('0.000', 31), gap)] }]);
  expect(zero?.now).toMatchObject({ use: 0, days: 31 });
});

it('a meter that came later stands in its own months only', () => {
  const old = {
    periods: [month('2026-09-01', '2026-09-30', use('1.000')), month('2026-10-01', '2026-10-31', use('1.000', 31))],
  };
  const fresh = { periods: [month('2026-10-01', '2026-10-31', use('2.000', 31))] };
  expect(sumMonths([fresh, old]).map(({ first, now }) => [first, now?.use])).toEqual([
    ['2026-09-01', 1000],
    ['2026-10-01', 3000],
  ]);
});

it.each([
  ['0.000', 1],
  ['0.900', 1],
  ['1.000', 1],
  ['1.001', 2],
  ['4.200', 5],
  ['6.000', 10],
  ['0.030', 0.05],
  ['480.000', 500],
])('the scale for %s ends at %s', (most, end) => {
  expect(scaleEnd(sumMonths([{ periods: [month('2026-10-01', '2026-10-31', use(most, 31), gap)] }]))).toBeCloseTo(
    end,
    9,
  );
});

it('whole months are summed by their true number, and compared only with the same months', () => {
  const sum = (months: ReturnType<typeof year>) => yearSum(sumMonths([{ periods: months }]));
  expect(sum(year('4.500', '5.000'))).toEqual({ count: 12, use: 54_000, before: 60_000 });
  // The running month is left out although each of its days so far is known.
  const running = [
    ...year('4.500', '5.000').slice(0, 11),
    month('2026-12-01', '2026-12-22', use('1.000', 22), use('4.000', 22)),
  ];
  expect(sum(running)).toEqual({ count: 11, use: 49_500, before: 55_000 });
  expect(sumMonths([{ periods: running }]).map((one) => one.running)).toEqual([...Array(11).fill(false), true]);
  const holes = year('4.500', '5.000').map((one, index) => (index < 2 ? { ...one, now: gap } : one));
  expect(sum(holes)).toEqual({ count: 10, use: 45_000, before: 50_000 });
  const unknownBefore = year('4.500', '5.000').map((one, index) => (index < 2 ? { ...one, last_year: gap } : one));
  expect(sum(unknownBefore)).toEqual({ count: 12, use: 54_000, before: null });
  expect(sum(year('4.500', '5.000').map((one) => ({ ...one, now: gap })))).toBeNull();
});

it('electricity is shown in whole kilowatt-hours whose sum is that of the months shown', () => {
  const months = sumMonths([{ periods: year('698.573', '701.499') }]);
  const [first] = wholeUnits(months, 'kWh');
  expect([first?.now?.use, first?.before?.use]).toEqual([699_000, 701_000]);
  expect(yearSum(wholeUnits(months, 'kWh'))?.use).toBe(12 * 699_000);
  expect(wholeUnits(months, 'units')).toEqual(wholeUnits(months, 'kWh'));
  expect(wholeUnits(months, 'm3')).toBe(months);
  const few = sumMonths([{ periods: year('0.573', '1.499') }]);
  expect(wholeUnits(few, 'kWh')).toBe(few);
});

it.each([
  [[], 0],
  [[0, 5000], 0],
  [[3630, 3707], 3],
  [[37_620, 21_600], 2],
  [[500, 12_000], 1],
])('%j thousandths are written with %i decimals', (uses, digits) => {
  expect(decimalsOf(uses)).toBe(digits);
});
