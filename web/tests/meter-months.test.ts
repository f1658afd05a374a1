import { expect, it } from 'vitest';
import { decimalsOf, inUnits, lastMonths, scaleEnd, sumMonths, yearSum } from '../src/pages/parts/meter-months';
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

it('the year is summed and compared only where it is known', () => {
  const whole = sumMonths([{ periods: year('4.500', '5.000') }]);
  expect(yearSum(whole)).toEqual({ use: 54, change: expect.closeTo(-0.1, 9) });
  const running = [
    ...year('4.500', '5.000').slice(0, 11),
    month('2026-12-01', '2026-12-31', use('1.000', 8), use('5.000', 31)),
  ];
  expect(yearSum(sumMonths([{ periods: running }]))).toEqual({ use: 50.5, change: expect.closeTo(-0.1, 9) });
  const holes = year('4.500', '5.000').map((one, index) => (index < 2 ? { ...one, now: gap } : one));
  expect(yearSum(sumMonths([{ periods: holes }]))).toBeNull();
  const unknownBefore = year('4.500', '5.000').map((one) => ({ ...one, last_year: gap }));
  expect(yearSum(sumMonths([{ periods: unknownBefore }]))).toEqual({ use: 54, change: null });
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
