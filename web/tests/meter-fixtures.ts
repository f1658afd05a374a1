import type * as wire from '../src/api/types';

/** Meters and readings in which every free text is marked with « ». */
export const finding = (
  code: wire.Finding['code'],
  severity: wire.Finding['severity'],
  message_params: wire.Finding['message_params'] = {},
  suggestion: wire.Finding['suggestion'] = null,
): wire.Finding => ({ code, severity, register: 0, message_params, suggestion });

/** One of each, with the numbers that the checks use. */
export const everyFinding: wire.Finding[] = [
  ...['empty', 'not_a_number', 'negative', 'too_many_digits', 'too_many_decimals'].map((fault) =>
    finding('FORMAT', 'reject', { fault, digits: '5', decimals: '3' }),
  ),
  finding('FUTURE', 'reject', { today: '2026-11-22' }),
  finding('BEFORE_INSTALL', 'reject', { installed: '2024-10-31' }),
  finding('BEFORE_INSTALL', 'reject'),
  finding('BEFORE_INSTALL', 'reject', { contract_from: '2024-10-31' }),
  finding('ARCHIVED', 'reject', { removed: '2026-10-31' }),
  finding('ARCHIVED', 'reject', { contract_until: '2026-10-31' }),
  finding('VERIFICATION_EXPIRED', 'warn', { until: '2026-10-31' }),
  finding('WINDOW', 'warn', { next_first: '2026-11-25', next_last: '2026-12-05' }),
  finding('REGISTERS', 'reject', { expected: '2', given: '1' }),
  finding('DUPLICATE', 'info', { reading_id: 'rdg_1', values: ['00412.350'] }),
  finding('DUPLICATE', 'warn', { reading_id: 'rdg_1', values: ['00412.350'] }),
  finding('DECREASE', 'reject', {
    side: 'earlier',
    value: '00400.000',
    bound: '00412.350',
    bound_day: '2026-10-31',
    choices: ['typo', 'replaced', 'rolled_over'],
  }),
  finding('DECREASE', 'reject', {
    side: 'later',
    value: '00419.000',
    bound: '00412.350',
    bound_day: '2026-11-20',
    choices: ['typo'],
  }),
  finding('DECREASE', 'hold', {
    side: 'claimed',
    value: '00419.000',
    bound: '00412.350',
    bound_day: '2026-10-31',
  }),
  finding('ROLLOVER', 'warn', {
    use: '4.000',
    days: '22',
    since: '2026-10-31',
    daily: '0.1818',
    last: '99998.000',
  }),
  finding('TRANSPOSED', 'warn', { value: '00415.800' }),
  finding('TRANSPOSED', 'warn', { values: ['1.0', '2.0'] }),
  finding('HIGH', 'warn', {
    use: '9.450',
    days: '22',
    since: '2026-10-31',
    daily: '0.4295',
    expected_daily: '0.1545',
    basis: 'season',
    daily_bound: '0.3090',
  }),
  finding('HIGH', 'hold', { use: '9.450', days: '22', since: '2026-10-31', daily: '0.4295', daily_bound: '0.3090' }),
  finding('HIGH', 'hold', { use: '60.000', days: '53', since: '2026-09-30', daily: '1.132', expected_daily: '0.0045' }),
  finding('LOW', 'warn', { use: '0.100', days: '22', since: '2026-10-31', daily: '0.0045', expected_daily: '0.1545' }),
  finding('ZERO', 'warn', { use: '0.000', days: '22', since: '2026-10-31', daily: '0.0000' }),
  finding('DEEMED_TRUEUP', 'info', {
    estimated_day: '2026-11-15',
    estimated: '3.000',
    actual: '2.500',
    correction: '-0.500',
  }),
  finding('SUM', 'info', {
    house: '62.400',
    units: '58.120',
    expected: '58.120',
    difference: '4.280',
    tolerance: '3.1',
  }),
  finding('PHYSICAL', 'hold', { use: '900.000', days: '1', since: '2026-10-31', daily: '900.0000', flow: '3.125' }),
];

export const meterItem: wire.MeterItem = {
  meter_id: 'mtr_1',
  number: '«number»',
  medium: 'cold_water',
  unit: 'm3',
  place: '«place»',
  unit_id: 'unt_1',
  community_id: 'com_1',
  parent_id: null,
  device: { digits: 5, decimals: 3, registers: 1, multiplier: '1', max_flow: '3.125' },
  installed_on: '2024-10-31',
  removed_on: null,
  verified_until: '2029-10-31',
  last: { reading_id: 'rdg_1', date: '2026-10-31', values: ['00412.350'], estimated: false },
  estimate: null,
  waiting: null,
  refused: null,
  window: { first: '2026-11-15', last: '2026-11-30', is_open: true, outside: 'warn' },
  expected: [
    {
      register: 0,
      low: '00413.010',
      high: '00419.150',
      low_use: '0.660',
      high_use: '6.800',
      expected_use: '3.400',
      basis: 'season',
    },
  ],
  may_read: true,
};

/** Meters in every state: two registers, an estimate, one that waits, one that is gone, one that others read. */
export const meters: wire.MeterItem[] = [
  meterItem,
  {
    ...meterItem,
    meter_id: 'mtr_2',
    medium: 'electricity',
    unit: 'kWh',
    device: { digits: 6, decimals: 0, registers: 2, multiplier: '1', max_flow: null },
    last: { reading_id: 'rdg_2', date: '2026-10-31', values: ['012345', '006789'], estimated: false },
    estimate: { reading_id: 'rdg_3', date: '2026-11-15', values: ['012400', '006800'], estimated: true },
    waiting: { reading_id: 'rdg_4', date: '2026-11-20', values: ['019999', '006810'], estimated: false },
    window: { first: '2026-12-25', last: '2027-01-05', is_open: false, outside: 'reject' },
    expected: [],
  },
  {
    ...meterItem,
    meter_id: 'mtr_5',
    refused: { reading_id: 'rdg_5', date: '2026-11-18', values: ['00999.000'], reason: '«reason»' },
  },
  { ...meterItem, meter_id: 'mtr_3', medium: 'gas', place: '', removed_on: '2026-10-31', window: null },
  {
    ...meterItem,
    meter_id: 'mtr_4',
    medium: 'heat_cost_allocator',
    unit: 'units',
    last: null,
    may_read: false,
    window: { first: '2026-12-25', last: '2027-01-05', is_open: false, outside: 'warn' },
  },
];

export const meter: wire.Meter = {
  ...meterItem,
  estimate: { reading_id: 'rdg_3', date: '2026-11-15', values: ['00414.000'], estimated: true },
  unit_label: '«label»',
  seal: '«seal»',
  photo_on_confirmation: false,
  version: 25,
};

const instant = '2026-11-22T08:00:00Z';

const happened = (kind: wire.StreamEntry['kind'], news: Partial<wire.StreamEntry> = {}): wire.StreamEntry => ({
  entry_id: `ent_${kind}_${news.status ?? ''}_${news.channel ?? ''}`,
  kind,
  status: 'accepted',
  date: '2026-11-22',
  values: ['00421.800'],
  closing: [],
  uses: ['9.450'],
  number: null,
  verified_until: null,
  seal: '',
  findings: [],
  channel: 'portal',
  actor: { role: 'household', mine: true, person_id: null },
  photo: null,
  recorded_at: instant,
  decision: null,
  supersedes: null,
  superseded_by: null,
  ...news,
});

export const stream: wire.StreamEntry[] = [
  happened('read', {
    findings: everyFinding,
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
    decision: { decision: 'accept', at: instant, reason: '', person_id: null },
  }),
  happened('read', { status: 'held', channel: 'staff', actor: { role: 'staff', mine: false, person_id: null } }),
  happened('read', {
    status: 'rejected',
    channel: 'file',
    decision: { decision: 'reject', at: instant, reason: '«reason»', person_id: null },
  }),
  happened('read', { status: 'superseded', channel: 'remote' }),
  happened('rolled_over', { channel: 'api', actor: { role: 'household', mine: false, person_id: null } }),
  happened('estimated', { channel: null, actor: { role: 'system', mine: false, person_id: null } }),
  happened('replaced', {
    closing: ['00419.000'],
    values: ['00000.000'],
    number: '«new»',
    verified_until: '2031-11-22',
  }),
  happened('verified', { values: [], uses: null, verified_until: '2031-11-22' }),
  happened('sealed', { values: [], uses: null, seal: '«seal»' }),
  happened('removed', { values: [], uses: null, closing: ['00419.000'] }),
  happened('installed', { uses: null, actor: { role: 'staff', mine: false, person_id: null }, channel: 'staff' }),
];

type Period = wire.Consumption['periods'][number];

export const use = (value: string, days = 30, estimated = '0.000'): Period['now'] => ({
  use: value,
  registers: [value],
  estimated,
  actual_days: Number(estimated) > 0 ? 0 : days,
  estimated_days: Number(estimated) > 0 ? days : 0,
});

export const gap = use('0.000', 0);

export const month = (first: string, last: string, now = gap, last_year = gap): Period => ({
  first,
  last,
  now,
  last_year,
});

const periods = [
  month('2026-09-01', '2026-09-30', use('4.650'), use('4.810')),
  month('2026-10-01', '2026-10-31', use('4.200', 31, '1.200'), use('2.000', 12)),
  month('2026-11-01', '2026-11-22', gap, use('3.100', 22)),
];

export const consumption: wire.Consumption = {
  meter_id: 'mtr_1',
  medium: 'cold_water',
  unit: 'm3',
  periods,
  total: month('2026-09-01', '2026-11-22', use('8.850', 61), use('9.910', 64)),
};

/** What the API answers about meters. */
export const meterAnswers: Record<string, unknown> = {
  '/meters': { items: meters, next_cursor: null },
  '/meters/{meter_id}': meter,
  '/meters/{meter_id}/readings': { items: stream, next_cursor: 'next' },
  '/meters/{meter_id}/consumption': consumption,
};
