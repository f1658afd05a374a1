import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TicketItem } from '../src/api/types';
import { answers, staffAnswers } from './fixtures';
import { begin, body, button, calls, click, end, labelled, press, put, root, sent, settle, show } from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { default: Queue } = await import('../src/pages/queue');
const { filtersOf, queueAddress } = await import('../src/pages/parts/queue-filters');
const { isTyping } = await import('../src/pages/parts/desk-keys');
// Loaded beforehand, so that parts are there as soon as they are shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/*.tsx')).map((load) => load()));

// Whole pages in a browser that is only imitated: slow on a machine with other work.
vi.setConfig({ testTimeout: 30_000 });

const rows = () => [...root.querySelectorAll('[data-testid=ticket-row]')];
const queries = () =>
  sent('GET').flatMap(([path, init]) =>
    path === '/tickets' ? [(init?.params as { query: Record<string, unknown> } | undefined)?.query] : [],
  );
const queue = (address = '/queue') => show('/queue', address, Queue);

beforeEach(begin);
afterEach(end);

it('the address holds the filters, and only those that there are', () => {
  const filters = filtersOf({
    status: 'done',
    overdue: 'true',
    emergency: 'no',
    ticket: 'x',
    view: 'board',
    number: '',
  });
  expect(filters).toEqual({ status: 'done', overdue: true });
  expect(queueAddress(filters, { view: 'board' })).toBe('/queue?status=done&overdue=true&view=board');
  expect(queueAddress({})).toBe('/queue');
});

it('overdue, resting and emergency are said in words, and names stand in the place of ids', async () => {
  await queue();
  expect(rows()).toHaveLength(3);
  const [late, later, resting] = rows().map((row) => row.textContent ?? '');
  expect(late).toContain('Overdue: due');
  expect(late).toContain('Emergency');
  expect(late).toContain('«name»');
  expect(late).toContain('«first» «last»');
  expect(later).toContain('Due in');
  expect(later).toContain('Nobody yet');
  expect(resting).toContain('The deadline rests');
});

it('a filter counts at once, stays in the address, and asks the API', async () => {
  await queue('/queue?type=technical');
  await put(labelled('Status'), 'waiting_for_supplier', 'change');
  expect(location.search).toBe('?status=waiting_for_supplier&type=technical');
  expect(queries().at(-1)).toEqual({ status: 'waiting_for_supplier', type: 'technical' });
  await click(button('Show all open tickets'));
  expect(location.search).toBe('');
});

it('a view is saved with its filters and opened again', async () => {
  calls.PUT.mockImplementation(async (_, { body }) => ({ answers: [], views: body.views }));
  await queue('/queue?emergency=true');
  await click(button('Save this view'));
  await put(labelled('Name of the view'), 'Burning', 'input');
  await act(
    () =>
      void root.querySelector('dialog form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
  );
  await settle();
  expect(body('PUT').views.at(-1)).toEqual({
    name: 'Burning',
    query: { emergency: true },
  });
  const link = [...root.querySelectorAll('nav a')].find((one) => one.textContent === 'Burning');
  expect(link?.getAttribute('href')).toBe('/queue?emergency=true');
  expect(link?.getAttribute('aria-current')).toBe('true');
});

it('keys move, select and assign; none of them works while somebody types', async () => {
  await queue();
  await press('j', document.body);
  expect(document.activeElement?.id).toBe('link-tkt_2');
  await press('j');
  await press('j');
  await press('k');
  expect(document.activeElement?.id).toBe('link-tkt_3');
  await press('ArrowDown');
  expect(document.activeElement?.id).toBe('link-tkt_4');
  await press('x');
  expect(root.querySelector('[data-testid=bulk]')?.textContent).toContain('1 ticket selected');
  await press('a');
  expect(sent('PATCH')[0]?.[1]).toEqual({
    params: { path: { ticket_id: 'tkt_4' } },
    body: { assignee_id: 'per_1', version: 3 },
  });
  await press('/');
  const field = document.activeElement as HTMLElement;
  expect(isTyping(field)).toBe(true);
  await press('x', field);
  await press('a', field);
  expect(sent('PATCH')).toHaveLength(1);
  expect(root.querySelector('[data-testid=bulk]')?.textContent).toContain('1 ticket selected');
});

it('single keys can be switched off', async () => {
  await queue();
  await press('?', document.body);
  expect(root.querySelector('dialog')?.textContent).toContain('Assign it to me');
  await click(labelled('Single keys work on this device'));
  await click(button('Close'));
  await press('j', document.body);
  expect(document.activeElement?.id).not.toBe('link-tkt_2');
  localStorage.clear();
  const { keysOn } = await import('../src/pages/parts/desk-keys');
  keysOn.value = true;
});

it('many are changed at once, and each that was left is named with its reason', async () => {
  calls.POST.mockResolvedValue({
    items: [
      { ticket_id: 'tkt_2', code: null },
      { ticket_id: 'tkt_3', code: 'transition_refused' },
    ],
  });
  await queue();
  await click(labelled('Select 2026/000018', rows()[0] as HTMLElement));
  await click(labelled('Select 2026/000018', rows()[1] as HTMLElement));
  const bulk = () => root.querySelector('[data-testid=bulk]') as HTMLElement;
  await put(labelled('Status', bulk()), 'done', 'change');
  await click(button('Change 2 tickets'));
  expect(sent('POST')).toHaveLength(0);
  expect(bulk().textContent).toContain('Say what was done');
  await put(labelled('Result', bulk()), 'Repaired', 'input');
  await click(button('Change 2 tickets'));
  expect(body('POST')).toEqual({
    ticket_ids: ['tkt_2', 'tkt_3'],
    change: { status: 'done', text: 'Repaired' },
  });
  expect(root.querySelector('[data-testid=bulk-outcome]')?.textContent).toContain('1 ticket changed');
  expect(root.querySelector('[data-testid=bulk-left]')?.textContent).toContain('not possible');
  expect(bulk().textContent).toContain('1 ticket selected');
});

it('many are asked for a photo at once, and told of what', async () => {
  await queue();
  await click(labelled('Select 2026/000018', rows()[0] as HTMLElement));
  const bulk = () => root.querySelector('[data-testid=bulk]') as HTMLElement;
  await put(labelled('Status', bulk()), 'waiting_for_tenant', 'change');
  await put(labelled('What you ask for', bulk()), 'photo', 'change');
  await click(button('Change 1 ticket'));
  expect(sent('POST')).toHaveLength(0);
  expect(bulk().textContent).toContain('Say what you ask for');
  await put(labelled('Question or request', bulk()), 'The meter', 'input');
  await click(button('Change 1 ticket'));
  expect(body('POST').change).toEqual({ status: 'waiting_for_tenant', text: 'The meter', wanted: 'photo' });
});

it('more than twenty go in portions', async () => {
  const first = (staffAnswers['/tickets'] as { items: TicketItem[] }).items[0] as TicketItem;
  const many = Array.from({ length: 23 }, (_, at) => ({ ...first, ticket_id: `tkt_m${at}`, number: `2026/${at}` }));
  calls.GET.mockImplementation(async (path: string) =>
    path === '/tickets' ? { items: many, next_cursor: null } : (staffAnswers[path] ?? answers[path]),
  );
  calls.POST.mockImplementation(async (_, { body }) => ({
    items: body.ticket_ids.map((ticket_id: string) => ({ ticket_id, code: null })),
  }));
  await queue();
  for (const row of rows()) await click(row.querySelector('input'));
  await put(labelled('Assigned to', root.querySelector('[data-testid=bulk]') as HTMLElement), 'none', 'change');
  await click(button('Change 23 tickets'));
  expect([0, 1].map((at) => body('POST', at).ticket_ids.length)).toEqual([20, 3]);
  expect(body('POST').change).toEqual({ assignee_id: null });
});

it('a card of the board is moved by its list, and a step that ends it asks for words first', async () => {
  await queue('/queue?view=board&status=done');
  const column = (status: string) => root.querySelector(`[data-status=${status}]`) as HTMLElement;
  expect(column('accepted').querySelectorAll('[data-testid=board-card]')).toHaveLength(1);
  const card = column('accepted').querySelector('[data-testid=board-card]') as HTMLElement;
  const steps = [...card.querySelectorAll('option')].map((one) => one.value);
  expect(steps).not.toContain('new');
  expect(steps).not.toContain('accepted');
  await put(labelled('Next step', card), 'in_progress', 'change');
  expect(sent('PATCH')).toHaveLength(0);
  await click(button('Move the card', card));
  expect(body('PATCH')).toEqual({ status: 'in_progress', version: 3 });
  await put(labelled('Next step', card), 'done', 'change');
  await click(button('Move the card', card));
  expect(sent('PATCH')).toHaveLength(1);
  await put(labelled('Result', root.querySelector('dialog') as HTMLElement), 'Sealed', 'input');
  await click(button('Finish with a result', root.querySelector('dialog') as HTMLElement));
  expect(body('PATCH', 1)).toEqual({ status: 'done', version: 3, text: 'Sealed' });
});

it('each column of the board is a list of its own, counted and continued by itself', async () => {
  const [some] = (staffAnswers['/tickets'] as { items: TicketItem[] }).items as [TicketItem];
  const cards = (status: TicketItem['status'], from: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...some, status, ticket_id: `tkt_${status}_${from + at}` }));
  calls.GET.mockImplementation(async (path: string, init?: { params: { query: Record<string, string> } }) => {
    if (path !== '/tickets') return staffAnswers[path] ?? answers[path];
    const { status, cursor } = init?.params.query ?? {};
    if (status === 'new' && cursor) return { items: cards('new', 50, 7), next_cursor: null };
    if (status === 'new') return { items: cards('new', 0, 50), next_cursor: 'on' };
    return { items: status === 'in_progress' ? cards('in_progress', 0, 2) : [], next_cursor: null };
  });
  await queue('/queue?view=board&status=done&assignee_id=me');
  const shown = (status: string) => {
    const column = root.querySelector(`[data-status=${status}]`) as HTMLElement;
    return [
      column.querySelector('h2 .figures')?.textContent ?? null,
      column.querySelectorAll('[data-testid=board-card]').length,
    ];
  };
  expect(queries()).toEqual(
    ['new', 'accepted', 'in_progress', 'waiting_for_tenant', 'waiting_for_supplier'].map((status) => ({
      assignee_id: 'me',
      status,
    })),
  );
  expect([shown('new'), shown('accepted'), shown('in_progress'), shown('done')]).toEqual([
    ['50+', 50],
    ['0', 0],
    ['2', 2],
    [null, 0],
  ]);
  expect(root.querySelector('[data-testid=queue-empty]')).toBeNull();
  await click(button('Show more'));
  expect(queries().at(-1)).toEqual({ assignee_id: 'me', status: 'new', cursor: 'on' });
  expect(shown('new')).toEqual(['57', 57]);
  expect(button('Show more')).toBeUndefined();
});

it('a board without a card says so, and finds what has ended by its number', async () => {
  const [some] = (staffAnswers['/tickets'] as { items: TicketItem[] }).items as [TicketItem];
  let found: TicketItem[] = [];
  calls.GET.mockImplementation(async (path: string, init?: { params: { query: Record<string, string> } }) =>
    path === '/tickets'
      ? { items: init?.params.query.status === 'done' ? found : [], next_cursor: null }
      : (staffAnswers[path] ?? answers[path]),
  );
  await queue('/queue?view=board');
  expect(root.querySelector('[data-testid=queue-empty]')?.textContent).toContain('No ticket is open');
  found = [{ ...some, status: 'done' }];
  await queue('/queue?view=board&number=17');
  expect(root.querySelector('[data-testid=queue-empty]')).toBeNull();
  expect(root.querySelectorAll('[data-status=done] [data-testid=board-card]')).toHaveLength(1);
});
