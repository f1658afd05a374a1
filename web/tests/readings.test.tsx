import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answers, me, staffAnswers } from './fixtures';
import { finding, meter } from './meter-fixtures';
import { balance, held, problems, readingImport, settings } from './reading-fixtures';
import { begin, body, button, calls, click, end, labelled, put, root, sent, settle, show, text } from './staff-page';

const uploaded = vi.hoisted(() => vi.fn());
vi.mock('../src/api/client', async () => (await import('./staff-page')).client);
vi.mock('../src/api/upload', () => ({ upload: uploaded }));

const { Problem } = await import('../src/api/problem');
const { session } = await import('../src/session/session');
const { locale } = await import('../src/i18n/locale');
const { default: ReadingImports } = await import('../src/pages/reading-imports');
const { default: MeterSettings } = await import('../src/pages/meter-settings');
const { default: MeterStaffReplace } = await import('../src/pages/meter-staff-replace');
const { default: MeterStaffRead } = await import('../src/pages/meter-staff-read');
const { default: MeterPage } = await import('../src/pages/meter');
const { sourceText } = await import('../src/i18n/threshold-words');
const { findingText } = await import('../src/i18n/meter-findings');
const { default: MeterStaffBalance, monthDays, monthsOf } = await import('../src/pages/meter-staff-balance');
const { problemsAsCsv, everyProblem } = await import('../src/pages/parts/reading-csv');
const { fromText, kindOf, fits, contradictions } = await import('../src/pages/parts/threshold-values');
const { default: polish } = await import('../messages/pl.json');
// Loaded beforehand, so that parts are there as soon as they are shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/*.tsx')).map((load) => load()));

// Whole pages in a browser that is only imitated: slow on a machine with other work.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(async () => {
  await begin();
  uploaded.mockReset();
  vi.spyOn(window, 'matchMedia').mockReturnValue({ matches: true } as MediaQueryList);
});
afterEach(end);

it('a file is checked first; what was checked is imported with the same key', async () => {
  uploaded.mockResolvedValue('org/key.csv');
  calls.POST.mockResolvedValue({ import_id: 'imp_1' });
  await show('/reading-imports', '/reading-imports', ReadingImports);
  await click(button('Check the file'));
  expect(text()).toContain('Choose a file');
  const input = root.querySelector('input[type=file]') as HTMLInputElement;
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'readings.csv')] });
  await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
  await click(button('Check the file'));
  expect(uploaded.mock.calls[0]?.[1]).toBe('meters');
  expect(body('POST')).toEqual({ upload: 'org/key.csv', content: 'readings', channel: 'file', dry_run: true });
  expect(location.search).toBe('?import=imp_1&upload=org%2Fkey.csv');
  expect(text()).toContain('nothing is kept yet');
  expect(root.querySelector('[data-testid=refused]')?.getAttribute('data-value')).toBe('2');
  expect(root.querySelectorAll('[data-testid=import-error]')).toHaveLength(problems.length);
  await click(button('Import 3 readings'));
  expect(body('POST', 1)).toEqual({ upload: 'org/key.csv', content: 'readings', channel: 'file', dry_run: false });
});

it('an import whose file is not known any more asks for it; one that goes on shows how far it is', async () => {
  await show('/reading-imports', '/reading-imports?import=imp_1', ReadingImports);
  expect(text()).toContain('choose it once more');
  expect(button('Import 3')).toBeUndefined();
  calls.GET.mockImplementation(async (path: string) =>
    path === '/reading-imports/{import_id}' ? { ...readingImport, state: 'running', done: 4 } : staffAnswers[path],
  );
  await show('/reading-imports', '/reading-imports?import=imp_2', ReadingImports);
  expect(root.querySelector('progress')?.value).toBe(4);
  expect(root.querySelectorAll('[data-testid=import-error]')).toHaveLength(0);
});

it('the wrong rows are a file that can be opened, put right and sent again, and that starts no formula', async () => {
  const [first] = problems as [(typeof problems)[number]];
  const csv = problemsAsCsv([{ ...first, meter_number: '=1+1', values: ['4;1', '2'] }], 'readings');
  expect(
    csv.startsWith('\uFEFF# Line;# Outcome;# What is wrong;meter_number;date;value1;value2;value3;value4\r\n'),
  ).toBe(true);
  expect(csv).toContain(`2;held;There is no such meter.;'=1+1;2026-11-22;"4;1";2;;\r\n`);
  const pages = [
    { items: problems.slice(0, 2), next_cursor: 'a' },
    { items: problems.slice(2, 3), next_cursor: null },
  ];
  const asked: (string | undefined)[] = [];
  const counts: number[] = [];
  const all = await everyProblem(
    async (cursor) => {
      asked.push(cursor);
      return pages[asked.length - 1] ?? { items: [], next_cursor: null };
    },
    (count) => counts.push(count),
  );
  expect([all.length, asked, counts]).toEqual([3, [undefined, 'a'], [2, 3]]);
});

it('a replacement is sent with what the old and the new counter showed, and leads back to the reading that waits', async () => {
  await show('/meters/:meter_id/replace', '/meters/mtr_1/replace?date=2026-11-20&reading=rdg_9', MeterStaffReplace);
  expect(labelled('Last value').value).toBe('00412.350');
  expect(labelled('First value').value).toBe('00000.000');
  await click(button('Record the replacement'));
  expect(sent('POST')).toHaveLength(0);
  await put(labelled('Number of the new counter'), 'WZ-200871');
  await put(labelled('Last value'), '00415,120');
  await click(button('Record the replacement'));
  expect(body('POST')).toEqual({
    date: '2026-11-20',
    closing: ['00415,120'],
    opening: ['00000.000'],
    number: 'WZ-200871',
  });
  expect(location.pathname + location.search).toBe('/held-readings?reading=rdg_9');
});

it('a photo of the counter goes along with a replacement and with a reading', async () => {
  uploaded.mockResolvedValue('org/photo.jpg');
  calls.POST.mockImplementation(async (path: string) =>
    path === '/uploads/checks'
      ? { state: 'ready', code: null }
      : { status: 'accepted', values: ['1'], date: '2026-11-20' },
  );
  const choose = async () => {
    const input = root.querySelector('input[type=file]') as HTMLInputElement;
    Object.defineProperty(input, 'files', { value: [new File(['x'], 'counter.jpg', { type: 'image/jpeg' })] });
    await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
    await settle();
  };
  const posted = (end: string) =>
    sent('POST').find(([path]) => path.endsWith(end))?.[1] as { body: { photo?: string } };
  await show('/meters/:meter_id/enter', '/meters/mtr_1/enter', MeterStaffRead);
  await put(labelled('Reading'), '430');
  await choose();
  await click(button('Enter a reading'));
  expect(uploaded.mock.calls[0]?.[1]).toBe('reading');
  expect(posted('/readings').body.photo).toBe('org/photo.jpg');
  await show('/meters/:meter_id/replace', '/meters/mtr_1/replace', MeterStaffReplace);
  await put(labelled('Number of the new counter'), 'WZ-1');
  await choose();
  await click(button('Record the replacement'));
  expect(posted('/replacement').body.photo).toBe('org/photo.jpg');
});

it('a reading in the name of a household: the question is answered with its values, other values ask anew', async () => {
  const questioned = new Problem('reading_questioned', 422, null, [], null, { findings: held.findings });
  calls.POST.mockRejectedValueOnce(questioned).mockRejectedValueOnce(questioned);
  await show('/meters/:meter_id/enter', '/meters/mtr_1/enter?supersedes=rdg_1&date=2026-11-20', MeterStaffRead);
  await put(labelled('Reading'), '430');
  await click(button('Correct the reading'));
  expect(body('POST')).toEqual({ date: '2026-11-20', values: ['430'], confirmed: false, supersedes: 'rdg_1' });
  expect(root.querySelector('[data-testid=questioned]')?.textContent).toContain('times');
  await put(labelled('Reading'), '431');
  await click(button('Correct the reading'));
  expect(body('POST', 1).confirmed).toBe(false);
  calls.POST.mockResolvedValueOnce({ status: 'accepted', values: ['431'], date: '2026-11-20', consumption: null });
  await click(button('I have checked'));
  expect(body('POST', 2).confirmed).toBe(true);
  const keys = sent('POST').map(([, init]) => (init as { headers: Record<string, string> }).headers['Idempotency-Key']);
  expect(new Set(keys).size).toBe(3);
  expect(text()).toContain('The reading is entered');
});

it('a month of the house names those without readings, and asks for whole months', async () => {
  await show('/meters/:meter_id/balance', '/meters/mtr_1/balance?month=2026-02', MeterStaffBalance);
  const asked = sent('GET').find(([path]) => path.endsWith('/balance'))?.[1]?.params;
  expect(asked).toEqual({ path: { meter_id: 'mtr_1' }, query: { from: '2026-02-01', to: '2026-02-28' } });
  expect(root.querySelector('[data-testid=balance]')?.getAttribute('data-outside')).toBe('true');
  expect(root.querySelector('[data-testid=balance-missing]')?.textContent).toContain('Unit «other»');
  expect(text()).toContain('4.28 m³');
  expect(text()).toContain('± 3.12 m³');
  expect(root.querySelectorAll('[data-testid=balance-part]')).toHaveLength(balance.parts.length);
  expect(monthDays('2028-02').to).toBe('2028-02-29');
});

it('opens on the last month that was read to its end, and offers those that are known', () => {
  const read = (date: string) => ({ last: meter.last && { ...meter.last, date }, installed_on: '2020-05-01' });
  const [months, open] = monthsOf(read('2026-09-30'), '2026-11-22');
  expect([open, months[0], months.at(-1), months.length]).toEqual(['2026-09', '2026-10', '2024-08', 27]);
  expect(monthsOf(read('2026-09-29'), '2026-11-22')[1]).toBe('2026-08');
  expect(monthsOf(read('2026-11-22'), '2026-11-22')[1]).toBe('2026-10');
  expect(monthsOf({ last: null, installed_on: '2026-11-01' }, '2026-11-22')).toEqual([['2026-10'], '2026-10']);
  expect(monthsOf({ ...read('2026-11-01'), installed_on: '2026-08-31' }, '2026-11-22')[0]).toHaveLength(3);
});

it('the board reaches the balance of a house meter; a sum of nothing that is known is no nought', async () => {
  session.value = { state: 'in', me: me(['board_member']) };
  const house = { ...meter, unit_id: null, unit_label: null, may_read: false };
  const parts = balance.parts.map((part) => ({ ...part, use: null }));
  const unread = { ...balance, house: null, units: '0.000', expected: '0.000', difference: null, tolerance: null };
  const seen: Record<string, unknown> = {
    '/meters/{meter_id}': house,
    '/meters/{meter_id}/balance': { ...unread, is_outside: false, unknown: parts.length, parts },
  };
  calls.GET.mockImplementation(async (path: string) => seen[path] ?? staffAnswers[path] ?? answers[path]);
  await show('/meters/:meter_id', '/meters/mtr_1', MeterPage);
  expect(root.querySelector('a[href$="/balance"]')?.getAttribute('href')).toBe('/meters/mtr_1/balance');
  await show('/meters/:meter_id/balance', '/meters/mtr_1/balance?month=2026-10', MeterStaffBalance);
  expect(root.querySelectorAll('[data-testid=balance-part]')).toHaveLength(parts.length);
  expect(root.querySelector('[data-testid=balance-part] a')).toBeNull();
  expect(text()).not.toMatch(/\b0(\.0+)? m³/);
  seen['/meters/{meter_id}'] = meter;
  await show('/meters/:meter_id/balance', '/meters/mtr_1/balance?', MeterStaffBalance);
  expect(root.querySelector('[data-testid=not-found]')).not.toBeNull();
});

it('staff are not told to tell the manager, and read their own language', () => {
  const expired = finding('VERIFICATION_EXPIRED', 'warn', { until: '2026-10-31' });
  expect(findingText(expired, 'm3')).not.toContain('manager');
  session.value = { state: 'in', me: me(['tenant']) };
  expect(findingText(expired, 'm3')).toContain('manager');
  locale.value = 'pl';
  expect(
    [
      'Ours [unverified]: a flat',
      'Pipeline of this portal: x',
      'Elexon BSCP504: twice',
      'Shares (VDI 2067) [unverified]',
    ].map(sourceText),
  ).toEqual(['założenie tego portalu', 'reguła tego portalu', 'Elexon BSCP504', 'VDI 2067']);
  expect(JSON.stringify(polish)).not.toMatch(/przekręc/i);
});

it('only what differs from the default is sent, and what contradicts itself is not', async () => {
  session.value = { state: 'in', me: me(['administrator']) };
  await show('/meter-settings', '/meter-settings', MeterSettings);
  await put(labelled('Asked about above'), '600');
  await click(button('Save'));
  expect(sent('PUT')).toHaveLength(0);
  expect(text()).toContain('This contradicts another limit');
  await put(labelled('Asked about above'), '250');
  await put(labelled('Months in which'), '6; 7, 8');
  await click(button('Save'));
  expect(body('PUT')).toEqual({
    windows: settings.windows,
    thresholds: { cold_water: { floor: '0.300', high_percent: 250, idle_months: [6, 7, 8] } },
    estimation_policy: settings.estimation_policy,
    version: 3,
  });
});

it('staff read the settings and cannot change them; a refusal of the server is told', async () => {
  await show('/meter-settings', '/meter-settings', MeterSettings);
  expect(button('Save')).toBeUndefined();
  expect(text()).toContain('From day 25 to day 5');
  expect(text()).toContain('Use in a day below which nothing counts as high: 0.300');
  session.value = { state: 'in', me: me(['administrator']) };
  calls.PUT.mockRejectedValueOnce(
    new Problem('invalid_thresholds', 422, null, [
      { field: 'thresholds', code: 'invalid_thresholds', params: { name: 'floor' } },
    ]),
  );
  await show('/meter-settings', '/meter-settings?', MeterSettings);
  await click(button('Save'));
  expect(text()).toContain('The limits contradict each other');
  expect(root.querySelector('.field-error')?.textContent).toBe('Use in a day below which nothing counts as high');
});

it.each([
  ['12', 'whole', 12],
  ['12.5', 'whole', null],
  ['0,300', 'use', '0.300'],
  ['0.000', 'use', null],
  ['-1', 'use', null],
  ['5, 6;7', 'list', [5, 6, 7]],
  ['', 'list', []],
  ['May', 'list', null],
  ['true', 'flag', true],
  ['warn', 'policy', 'warn'],
] as const)('%s as a %s is %s', (typed, kind, value) => {
  expect(fromText(typed, kind)).toEqual(value);
});

it('thresholds tell their kind by their default, and lists what they may hold', () => {
  expect([200, '0.2', true, [], 'warn'].map(kindOf)).toEqual(['whole', 'use', 'flag', 'list', 'policy']);
  expect(fits('idle_months', [0])).toBe(false);
  expect(fits('season_shares', [1, 2])).toBe(false);
  expect(fits('season_shares', Array(12).fill(1))).toBe(true);
  expect(contradictions({ high_percent: 200, hold_percent: 100, low_percent: 250 })).toEqual([
    'hold_percent',
    'low_percent',
  ]);
});
