import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HeldReading } from '../src/api/types';
import { answers, me, organisation, staffAnswers } from './fixtures';
import { balance, decreased, held, problems, readingImport, settings } from './reading-fixtures';

type Call = [path: string, init?: Record<string, unknown>];
const calls = vi.hoisted(() => ({ GET: vi.fn(), POST: vi.fn(), PATCH: vi.fn(), PUT: vi.fn() }));
const uploaded = vi.hoisted(() => vi.fn());
vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (asked: Promise<unknown>) => asked,
  unwrapMarked: async (asked: Promise<unknown>) => ({ data: await asked, mark: null }),
  api: calls,
}));
vi.mock('../src/api/upload', () => ({ upload: uploaded }));

const { Problem } = await import('../src/api/problem');
const { session } = await import('../src/session/session');
const { keepOrganisation } = await import('../src/theme/theme');
const { locale } = await import('../src/i18n/locale');
const { default: HeldReadings } = await import('../src/pages/held-readings');
const { default: ReadingImports } = await import('../src/pages/reading-imports');
const { default: MeterSettings } = await import('../src/pages/meter-settings');
const { default: MeterStaffReplace } = await import('../src/pages/meter-staff-replace');
const { default: MeterStaffRead } = await import('../src/pages/meter-staff-read');
const { default: MeterPage } = await import('../src/pages/meter');
const { sourceText } = await import('../src/i18n/threshold-words');
const { findingText } = await import('../src/i18n/meter-findings');
const { default: MeterStaffBalance, monthDays, monthsOf } = await import('../src/pages/meter-staff-balance');
const { problemsAsCsv, everyProblem } = await import('../src/pages/parts/reading-csv');
const { pictureOf, monthBack } = await import('../src/pages/parts/held-line');
const { fromText, kindOf, fits, contradictions } = await import('../src/pages/parts/threshold-values');
const { consumption, finding, meter, stream } = await import('./meter-fixtures');
const { default: polish } = await import('../messages/pl.json');
// Loaded beforehand, so that parts are there as soon as they are shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/*.tsx')).map((load) => load()));

// Whole pages in a browser that is only imitated: slow on a machine with other work.
vi.setConfig({ testTimeout: 30_000 });

let root: HTMLElement;

const wait = () => act(async () => void (await new Promise((done) => setTimeout(done, 5))));
const settle = async () => {
  await wait();
  for (let turn = 0; turn < 60 && root.querySelector('.skeleton'); turn += 1) await wait();
};
const click = async (element: Element | null | undefined) => {
  expect(element).toBeTruthy();
  await act(() => void (element as HTMLElement).click());
  await settle();
};
const button = (text: string, within: ParentNode = root) =>
  [...within.querySelectorAll('button')].find((one) => one.textContent?.trim().startsWith(text));
const labelled = (text: string, within: ParentNode = root) => {
  const label = [...within.querySelectorAll('label')].find((one) => one.textContent?.trim().startsWith(text));
  return within.querySelector(`[id="${label?.getAttribute('for')}"]`) as HTMLInputElement;
};
const put = async (control: HTMLInputElement, value: string, type: 'input' | 'change' = 'input') => {
  await act(() => {
    control.value = value;
    control.dispatchEvent(new Event(type, { bubbles: true }));
  });
  await settle();
};
const press = async (key: string, more: KeyboardEventInit = {}) => {
  const target = document.activeElement ?? document.body;
  await act(
    () => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })),
  );
  await settle();
};
const sent = (method: keyof typeof calls): Call[] => calls[method].mock.calls as Call[];
// biome-ignore lint/suspicious/noExplicitAny: the body of a call is whatever the page has sent.
const body = (method: keyof typeof calls, at = 0): any => sent(method)[at]?.[1]?.body;
const text = () => root.textContent ?? '';
const rows = () => [...root.querySelectorAll('[data-testid=held-row]')];
const opened = () => new URLSearchParams(location.search).get('reading');

async function show(path: string, address: string, component: () => preact.JSX.Element | null) {
  await act(() => render(null, root));
  history.replaceState(null, '', address);
  await act(() => {
    render(
      <LocationProvider>
        <Router>
          <Route path={path} component={component} />
          <Route default component={() => <p>elsewhere</p>} />
        </Router>
      </LocationProvider>,
      root,
    );
  });
  await settle();
  await settle();
}

const third: HeldReading = { ...held, reading_id: 'rdg_11', unit_label: '«third»' };
let waiting: HeldReading[] = [];
const queue = (address = '/held-readings') => show('/held-readings', address, HeldReadings);

beforeEach(() => {
  locale.value = 'en';
  localStorage.clear();
  session.value = { state: 'in', me: me(['staff']) };
  keepOrganisation(organisation);
  for (const call of Object.values(calls)) call.mockReset();
  uploaded.mockReset();
  waiting = [held, decreased, third];
  calls.GET.mockImplementation(async (path: string) =>
    path === '/held-readings' ? { items: waiting, next_cursor: null } : (staffAnswers[path] ?? answers[path]),
  );
  calls.POST.mockResolvedValue({});
  calls.PUT.mockResolvedValue({});
  vi.spyOn(window, 'matchMedia').mockReturnValue({ matches: true } as MediaQueryList);
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
});

it('the longest waiting is open at once, with what it says, why it waits and what the meter showed before', async () => {
  await queue();
  expect(opened()).toBe('rdg_9');
  expect(rows()).toHaveLength(3);
  expect(rows()[0]?.textContent).toContain('High use');
  const beside = root.querySelector('[data-testid=beside]')?.textContent ?? '';
  expect(beside).toContain('00430.000');
  expect(beside).toContain('00412.350');
  expect(beside).toContain('17.65 m³');
  expect(beside).toContain('by last year’s season3.399 m³');
  expect(beside).toContain('in the portal');
  expect(root.querySelector('[data-testid=held-mark]')).not.toBeNull();
  expect(root.querySelectorAll('[data-testid=history-row]').length).toBeGreaterThan(3);
});

it('keys go to the next and the previous one, and stop at the ends', async () => {
  await queue();
  await press('k');
  expect(opened()).toBe('rdg_9');
  await press('j');
  expect(opened()).toBe('rdg_10');
  expect(document.activeElement?.tagName).toBe('H2');
  await press('j');
  await press('j');
  expect(opened()).toBe('rdg_11');
  await press('?');
  expect(document.querySelector('dialog')?.textContent).toContain('Reject the reading, with a reason');
});

it('A accepts once, and the focus goes to the next one, which a held key leaves alone', async () => {
  await queue();
  await press('a');
  expect(sent('POST').map(([path]) => path)).toEqual(['/readings/{reading_id}/decision']);
  expect(body('POST')).toEqual({ decision: 'accept' });
  expect(sent('POST')[0]?.[1]?.params).toEqual({ path: { reading_id: 'rdg_9' } });
  expect(opened()).toBe('rdg_10');
  expect(document.activeElement?.textContent).toContain('«community»');
  expect(root.querySelector('[data-testid=held-said]')?.textContent).toContain('Accepted');
  expect(rows()).toHaveLength(2);
  await press('j');
  await press('a', { repeat: true });
  expect(sent('POST')).toHaveLength(1);
});

it('a counter that shows less is not accepted by a key: the page says why, and what can be done', async () => {
  await queue('/held-readings?reading=rdg_10');
  await press('a');
  expect(sent('POST')).toHaveLength(0);
  const told = root.querySelector('[data-testid=held-refused]');
  expect(document.activeElement).toBe(told);
  expect(told?.textContent).toContain('The counter stood at 00412.350 on');
  expect(told?.querySelector('a')?.getAttribute('href')).toBe('/meters/mtr_2/replace?date=2026-11-22&reading=rdg_10');
  await click(button('Accept: the counter went past its end'));
  expect(body('POST')).toEqual({ decision: 'accept', claim: 'rolled_over' });
});

it('once the replacement is recorded, the reading that waited for it is accepted like any other', async () => {
  const last = { reading_id: 'rdg_8', date: '2026-11-20', values: ['00000.000'], estimated: false };
  waiting = [{ ...decreased, last, uses: ['3.100'] }];
  await queue();
  expect(root.querySelector('[data-testid=held-refused]')).toBeNull();
  await press('a');
  expect(body('POST')).toEqual({ decision: 'accept' });
});

it('what the server refuses is told with its findings', async () => {
  calls.POST.mockRejectedValueOnce(
    new Problem('decision_refused', 409, null, [], null, { findings: decreased.findings }),
  );
  await queue();
  await press('a');
  expect(opened()).toBe('rdg_9');
  expect(root.querySelector('[data-testid=held-refused]')?.textContent).toContain('The counter stood at 00412.350');
});

it('R asks for a reason, which becomes one line', async () => {
  await queue();
  await press('r');
  const dialog = document.querySelector('dialog') as HTMLDialogElement;
  await click(button('Reject', dialog));
  expect(sent('POST')).toHaveLength(0);
  expect(dialog.textContent).toContain('Give a reason');
  await put(labelled('Reason', dialog), 'Not the meter\nof this flat ');
  await click(button('Reject', dialog));
  expect(body('POST')).toEqual({ decision: 'reject', reason: 'Not the meter of this flat' });
  expect(opened()).toBe('rdg_10');
});

it('what a colleague has decided meanwhile is said, and nothing slips under the hand', async () => {
  await queue();
  waiting = [decreased, third];
  await act(async () => void window.dispatchEvent(new Event('online')));
  await settle();
  expect(opened()).toBe('rdg_9');
  expect(root.querySelector('[data-testid=beside]')?.textContent).toContain('Somebody else has already decided');
  await press('a');
  expect(sent('POST')).toHaveLength(0);
  calls.POST.mockRejectedValueOnce(new Problem('decision_made', 409));
  await press('j');
  expect(opened()).toBe('rdg_10');
  await press('j');
  await press('a');
  expect(root.querySelector('[data-testid=held-said]')?.textContent).toContain('Somebody else has already decided');
});

it('the address decides: one further back in the queue is asked for by its id, and nothing else is decided in its place', async () => {
  const far: HeldReading = { ...held, reading_id: 'rdg_99', unit_label: '«far»' };
  const asked: unknown[] = [];
  let answer: (items: HeldReading[]) => void = () => undefined;
  calls.GET.mockImplementation((path: string, init?: { params: { query?: { reading_id?: string } } }) => {
    const id = init?.params.query?.reading_id;
    if (path !== '/held-readings') return Promise.resolve(staffAnswers[path] ?? answers[path]);
    if (!id) return Promise.resolve({ items: waiting, next_cursor: 'more' });
    asked.push(id);
    return new Promise((done) => {
      answer = (items) => done({ items, next_cursor: null });
    });
  });
  await queue('/held-readings?reading=rdg_99');
  expect([opened(), asked]).toEqual(['rdg_99', ['rdg_99']]);
  await press('a');
  await act(async () => answer([far]));
  await settle();
  expect(root.querySelector('[data-testid=held-reading]')?.textContent).toContain('«far»');
  expect(rows().some((row) => row.classList.contains('row-open'))).toBe(false);
  expect(sent('POST')).toHaveLength(0);
  await press('a');
  expect(sent('POST')[0]?.[1]?.params).toEqual({ path: { reading_id: 'rdg_99' } });
  expect(opened()).toBe('rdg_9');

  calls.POST.mockClear();
  await queue('/held-readings?reading=rdg_98');
  await act(async () => answer([]));
  await settle();
  expect(opened()).toBe('rdg_98');
  expect(root.querySelector('[data-testid=held-over]')?.textContent).toContain('waits for no decision any more');
  await press('a');
  expect(sent('POST')).toHaveLength(0);
  await press('j');
  expect(opened()).toBe('rdg_9');
});

it('a replacement that is claimed and that nothing explains yet can be recorded from here', async () => {
  const [decrease] = decreased.findings as [(typeof decreased.findings)[number]];
  const claimed = { ...decrease, message_params: { ...decrease.message_params, side: 'claimed' } };
  waiting = [{ ...decreased, values: ['00420.000'], findings: [claimed] }];
  await queue();
  const link = () => root.querySelector('.held-actions a')?.getAttribute('href');
  expect(link()).toBe('/meters/mtr_2/replace?date=2026-11-22&reading=rdg_10');
  const last = { reading_id: 'rdg_8', date: '2026-11-20', values: ['00000.000'], estimated: false };
  waiting = [{ ...decreased, values: ['00420.000'], findings: [claimed], last }];
  await queue('/held-readings?medium=');
  expect(link()).toBeUndefined();
});

it('a row names the community where there are several', async () => {
  const [one] = (staffAnswers['/communities'] as { items: { community_id: string; name: string }[] }).items;
  calls.GET.mockImplementation(async (path: string) => {
    if (path === '/held-readings') return { items: waiting, next_cursor: null };
    if (path === '/communities')
      return { items: [one, { ...one, community_id: 'com_9', name: '«other»' }], next_cursor: null };
    return staffAnswers[path] ?? answers[path];
  });
  await queue();
  expect(rows()[0]?.textContent).toContain('«community» ·');
});

it('nothing to decide is said kindly, with filters and without', async () => {
  waiting = [];
  await queue();
  expect(text()).toContain('No reading waits for a decision');
  await queue('/held-readings?medium=gas');
  expect(text()).toContain('No waiting reading fits these filters');
});

it('the picture breaks its line where the counter was replaced, and says uses of a day', () => {
  const { lines, held: mark, bars, heldBar } = pictureOf(held, '2024-11-01', stream, consumption);
  expect(lines).toHaveLength(3);
  expect(lines[1]?.[0]?.value).toBe(0);
  expect(mark.value).toBe(430);
  expect(bars).toHaveLength(2);
  expect(bars[1]?.estimated).toBe(true);
  expect(heldBar?.daily).toBeCloseTo(17.65 / 22);
  expect(pictureOf(decreased, '2024-11-01', [], consumption).heldBar).toBeNull();
  expect(monthBack('2026-01-31', 24)).toBe('2024-01-01');
});

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
