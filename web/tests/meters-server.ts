import { vi } from 'vitest';
import type { MeterItem, ReadingCheck, ReadingReceipt } from '../src/api/types';
import { answers } from './fixtures';
import { finding } from './meter-fixtures';

/** An imitated server of a household's meters: what it is asked is kept, what it says of readings is a test's to decide. */
type Body = {
  date: string;
  values: string[];
  confirmed: boolean;
  claim: string | null;
  claimed: number[];
  photo: string | null;
};
interface Init {
  params: { path: { meter_id: string } };
  body: Body;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export const check = vi.fn<(init: Init) => unknown>();
export const read = vi.fn<(init: Init) => unknown>();
export const server = { meters: [] as MeterItem[], contracts: [] as unknown[], asked: [] as unknown[] };
/** In the place of `src/api/client`. */
export const client = {
  onSessionLost: () => undefined,
  unwrap: (wanted: Promise<unknown>) => wanted,
  api: {
    GET: async (path: string, init: unknown) => {
      if (path === '/meters') {
        server.asked.push((init as { params: { query: unknown } }).params.query);
        return { items: server.meters, next_cursor: null };
      }
      return path === '/contracts' ? { items: server.contracts, next_cursor: null } : answers[path];
    },
    POST: async (path: string, init: Init) => (path.endsWith('/checks') ? check(init) : read(init)),
  },
};

export const one = (answers['/contracts'] as { items: Record<string, unknown>[] }).items[0] as Record<string, unknown>;
export const second = {
  ...one,
  contract_id: 'con_2',
  unit: { unit_id: 'unt_2', label: '«other»', address: '«street»' },
};

export const judged = (
  status: ReadingCheck['status'],
  findings: ReadingCheck['findings'] = [],
  use = '3.450',
): ReadingCheck => ({
  status,
  findings,
  consumption: { unit: 'm3', since: '2026-10-31', days: 22, uses: [use] },
  duplicate_of: null,
});

export const receipt = (init: Init, status: ReadingReceipt['status'] = 'accepted'): ReadingReceipt => ({
  reading_id: `rdg_${init.params.path.meter_id}`,
  meter_id: init.params.path.meter_id,
  number: 'WZ-1',
  date: init.body.date,
  values: init.body.values,
  status,
  findings: [],
  consumption: { unit: 'm3', since: '2026-10-31', days: 22, uses: ['3.450'] },
  recorded_at: '2026-11-22T08:30:00Z',
});

export const transposed = finding(
  'TRANSPOSED',
  'warn',
  { value: '00415.800' },
  {
    kind: 'transposed_digits',
    values: ['00415.800'],
    claim: null,
    claimed: [],
  },
);
export const high = finding('HIGH', 'warn', { daily: '0.4295', expected_daily: '0.1545', daily_bound: '0.309' });
export const less = (severity: 'reject' | 'hold') =>
  finding('DECREASE', severity, {
    side: 'earlier',
    value: '00003.100',
    bound: '00412.350',
    bound_day: '2026-10-31',
    choices: ['typo', 'replaced', 'rolled_over'],
  });
