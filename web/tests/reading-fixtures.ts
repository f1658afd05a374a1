import type * as wire from '../src/api/types';
import { everyFinding, finding, meterItem } from './meter-fixtures';

const instant = '2026-11-22T08:00:00Z';

/** A reading of twice the usual use, with a photo. */
export const held: wire.HeldReading = {
  reading_id: 'rdg_9',
  meter_id: 'mtr_1',
  number: '«number»',
  medium: 'cold_water',
  unit: 'm3',
  place: '«place»',
  unit_id: 'unt_1',
  unit_label: '«label»',
  community_id: 'com_1',
  date: '2026-11-22',
  values: ['00430.000'],
  last: meterItem.last,
  uses: ['17.650'],
  findings: [
    finding('HIGH', 'hold', {
      use: '17.650',
      days: '22',
      since: '2026-10-31',
      daily: '0.8022',
      expected_daily: '0.1545',
      basis: 'season',
      daily_bound: '0.3090',
    }),
  ],
  channel: 'portal',
  claim: null,
  actor: { role: 'household', mine: false, person_id: 'per_1' },
  photo: {
    attachment_id: 'upl_1',
    name: '«photo»',
    type: 'image/jpeg',
    size: 1000,
    width: 800,
    height: 600,
    url: 'http://files.test/file',
    thumbnail_url: 'http://files.test/thumbnail.jpg',
  },
  recorded_at: instant,
};

export const decreased: wire.HeldReading = {
  ...held,
  reading_id: 'rdg_10',
  meter_id: 'mtr_2',
  unit_label: null,
  unit_id: null,
  values: ['00003.100'],
  uses: null,
  findings: [
    finding('DECREASE', 'hold', {
      side: 'earlier',
      value: '00003.100',
      bound: '00412.350',
      bound_day: '2026-10-31',
      choices: ['typo', 'replaced', 'rolled_over'],
    }),
  ],
  claim: 'replaced',
  channel: 'file',
  actor: { role: 'system', mine: false, person_id: null },
  photo: null,
};

export const readingImport: wire.ReadingImport = {
  import_id: 'imp_1',
  name: '«file.csv»',
  content: 'readings',
  channel: 'file',
  dry_run: true,
  state: 'done',
  failure: null,
  rows: 6,
  done: 6,
  accepted: 2,
  held: 1,
  duplicates: 1,
  refused: 2,
  created_at: instant,
};

const row = (line: number, code: string, params: wire.RowProblem['message_params'] = {}): wire.RowProblem => ({
  line,
  outcome: line % 2 ? 'refused' : 'held',
  code,
  field: '«field»',
  meter_number: '«number»',
  date: '2026-11-22',
  values: ['415.800'],
  message_params: params,
});

export const problems: wire.RowProblem[] = [
  row(2, 'unknown_meter'),
  row(0, 'unreadable_file'),
  ...everyFinding.map((found, index) => row(index + 3, found.code, found.message_params)),
];

export const settings: wire.MeterSettings = {
  windows: { cold_water: { first: 25, last: 5 } },
  thresholds: { cold_water: { floor: '0.300' } },
  default_thresholds: {
    cold_water: {
      high_percent: 200,
      hold_percent: 500,
      low_percent: 20,
      rollover_percent: 90,
      recent_min: 3,
      high_min_days: 3,
      low_min_days: 14,
      idle_months: [5, 6],
      season_shares: [],
      verification_expired: 'reject',
      outside_window: 'warn',
      photo_on_confirmation: false,
      sum_tolerance_percent: 5,
      sum_loss_percent: 0,
      floor: '0.200',
      first_daily_max: '1.500',
    },
    heat: { high_percent: 200, floor: '15' },
  },
  sources: { cold_water: { high_percent: '«source»' } },
  estimation_policy: 'pl-last-period',
  estimation_policies: [{ policy_id: '«pl-last-period»', method: 'last_period', source: '«practice»' }],
  version: 3,
};

export const balance: wire.MeterBalance = {
  meter_id: 'mtr_1',
  unit: 'm3',
  first: '2026-10-01',
  last: '2026-10-31',
  house: '62.400',
  units: '58.120',
  expected: '59.000',
  difference: '4.280',
  tolerance: '3.120',
  is_outside: true,
  unknown: 1,
  parts: [
    { meter_id: 'mtr_2', number: '«2»', unit_id: 'unt_1', unit_label: '«label»', use: '58.120' },
    { meter_id: 'mtr_3', number: '«3»', unit_id: 'unt_2', unit_label: '«other»', use: null },
  ],
};

/** What staff are answered about meters. */
export const readingAnswers: Record<string, unknown> = {
  '/held-readings': { items: [held, decreased], next_cursor: 'next' },
  '/reading-imports': { items: [readingImport, { ...readingImport, import_id: 'imp_2', name: '' }], next_cursor: null },
  '/reading-imports/{import_id}': readingImport,
  '/reading-imports/{import_id}/problems': { items: problems, next_cursor: null },
  '/meter-settings': settings,
  '/meters/{meter_id}/balance': balance,
  '/units/{unit_id}': {
    unit_id: 'unt_1',
    label: '«label»',
    address: '«address»',
    community: { community_id: 'com_1', name: '«community»' },
    contracts: [],
  },
};
