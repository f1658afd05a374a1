import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HeldReading } from '../src/api/types';
import { answers, staffAnswers } from './fixtures';
import { consumption, stream } from './meter-fixtures';
import { decreased, held } from './reading-fixtures';
import {
  begin,
  body,
  button,
  calls,
  click,
  end,
  labelled,
  press,
  put,
  root,
  sent,
  settle,
  show,
  text,
} from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { Problem } = await import('../src/api/problem');
const { default: HeldReadings } = await import('../src/pages/held-readings');
const { pictureOf, monthBack } = await import('../src/pages/parts/held-line');
// Loaded beforehand, so that parts are there as soon as they are shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/*.tsx')).map((load) => load()));

// Whole pages in a browser that is only imitated: slow on a machine with other work.
vi.setConfig({ testTimeout: 30_000 });

const rows = () => [...root.querySelectorAll('[data-testid=held-row]')];
const opened = () => new URLSearchParams(location.search).get('reading');

const third: HeldReading = { ...held, reading_id: 'rdg_11', unit_label: '«third»' };
let waiting: HeldReading[] = [];
const queue = (address = '/held-readings') => show('/held-readings', address, HeldReadings);

beforeEach(async () => {
  await begin();
  waiting = [held, decreased, third];
  calls.GET.mockImplementation(async (path: string) =>
    path === '/held-readings' ? { items: waiting, next_cursor: null } : (staffAnswers[path] ?? answers[path]),
  );
  vi.spyOn(window, 'matchMedia').mockReturnValue({ matches: true } as MediaQueryList);
});
afterEach(end);

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
  await press('a', undefined, { repeat: true });
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
