import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Ticket, TicketItem } from '../src/api/types';
import { answers, me, organisation, staffAnswers } from './fixtures';

type Call = [path: string, init?: Record<string, unknown>];
const calls = vi.hoisted(() => ({
  GET: vi.fn(),
  POST: vi.fn(),
  PATCH: vi.fn(),
  PUT: vi.fn(),
}));
vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (asked: Promise<unknown>) => asked,
  unwrapMarked: async (asked: Promise<unknown>) => ({ data: await asked, mark: null }),
  api: calls,
}));

const { Problem } = await import('../src/api/problem');
const { session } = await import('../src/session/session');
const { keepOrganisation } = await import('../src/theme/theme');
const { locale } = await import('../src/i18n/locale');
const { default: Queue } = await import('../src/pages/queue');
const { default: QueueNew } = await import('../src/pages/queue-new');
const { default: IncidentPage } = await import('../src/pages/incident');
const { default: TicketDesk } = await import('../src/pages/parts/ticket-desk');
const { filtersOf, queueAddress } = await import('../src/pages/parts/queue-filters');
const { isTyping } = await import('../src/pages/parts/desk-keys');
// Loaded beforehand, so that parts are there as soon as they are shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/*.tsx')).map((load) => load()));

// Whole pages in a browser that is only imitated: slow on a machine with other work.
vi.setConfig({ testTimeout: 30_000 });

let root: HTMLElement;

const wait = () => act(async () => void (await new Promise((done) => setTimeout(done, 5))));
/** Until what was asked for is there, also the parts of a page that have files of their own. */
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
  const label = [...within.querySelectorAll('label')].find((one) => one.textContent?.trim() === text);
  return within.querySelector(`[id="${label?.getAttribute('for')}"]`) as HTMLInputElement;
};
const put = async (control: HTMLInputElement, value: string, type: 'input' | 'change') => {
  await act(() => {
    control.value = value;
    control.dispatchEvent(new Event(type, { bubbles: true }));
  });
  await settle();
};
const press = async (key: string, target: EventTarget = document.activeElement ?? document.body) => {
  await act(() => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));
  await settle();
};
const rows = () => [...root.querySelectorAll('[data-testid=ticket-row]')];
const sent = (method: keyof typeof calls): Call[] => calls[method].mock.calls as Call[];
// biome-ignore lint/suspicious/noExplicitAny: the body of a call is whatever the page has sent.
const body = (method: keyof typeof calls, at = 0): any => sent(method)[at]?.[1]?.body;
const queries = () =>
  sent('GET').flatMap(([path, init]) =>
    path === '/tickets' ? [(init?.params as { query: Record<string, unknown> } | undefined)?.query] : [],
  );

async function show(path: string, address: string, component: () => preact.JSX.Element) {
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

const queue = (address = '/queue') => show('/queue', address, Queue);
const desk = () => show('/tickets/:ticket_id', '/tickets/tkt_2', () => <TicketDesk ticket_id="tkt_2" />);

beforeEach(() => {
  locale.value = 'en';
  localStorage.clear();
  session.value = { state: 'in', me: me(['staff']) };
  keepOrganisation(organisation);
  for (const call of Object.values(calls)) call.mockReset();
  calls.GET.mockImplementation(async (path: string) => staffAnswers[path] ?? answers[path]);
  calls.POST.mockResolvedValue({});
  calls.PATCH.mockResolvedValue({});
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
});

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
  await act(() => render(null, root));
  found = [{ ...some, status: 'done' }];
  await queue('/queue?view=board&number=17');
  expect(root.querySelector('[data-testid=queue-empty]')).toBeNull();
  expect(root.querySelectorAll('[data-status=done] [data-testid=board-card]')).toHaveLength(1);
});

it('a year that is a slip is an error at its field, and what is right is saved after it', async () => {
  await desk();
  const fields = root.querySelector('[data-testid=fields]') as HTMLElement;
  const save = async () => {
    await act(() => void fields.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
    await settle();
  };
  for (const typed of ['0026-12-24T10:30', '0999-12-24T10:30']) {
    await put(labelled('Deadline', fields), typed, 'input');
    await save();
    const field = labelled('Deadline', fields);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.closest('.field')?.textContent).toContain('Enter a date');
    expect(document.activeElement).toBe(field);
  }
  expect(sent('PATCH')).toHaveLength(0);
  await put(labelled('Deadline', fields), '2026-12-24T10:30', 'input');
  await save();
  expect(sent('PATCH')).toHaveLength(1);
  expect(labelled('Deadline', fields).getAttribute('aria-invalid')).toBeNull();
});

it('a reply and an internal note never share a text', async () => {
  await desk();
  const reply = () => root.querySelector('[data-testid=reply-form]') as HTMLElement;
  const note = () => root.querySelector('[data-testid=note-form]') as HTMLElement;
  expect(note().closest('[hidden]')).not.toBeNull();
  await put(reply().querySelector('textarea') as unknown as HTMLInputElement, 'We come today', 'input');
  await click(button('Internal note'));
  expect(reply().closest('[hidden]')).not.toBeNull();
  expect(note().querySelector('textarea')?.value).toBe('');
  expect(note().textContent).toContain('never the resident');
  await put(note().querySelector('textarea') as unknown as HTMLInputElement, 'Difficult person', 'input');
  await act(() => void note().dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  await settle();
  expect(body('POST')).toEqual({ text: 'Difficult person', internal: true, attachments: [] });
  await click(button('Reply'));
  expect(reply().querySelector('textarea')?.value).toBe('We come today');
  await act(() => void reply().dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  await settle();
  expect(body('POST', 1)).toEqual({ text: 'We come today', internal: false, attachments: [] });
});

it('a ready answer is added to what is written', async () => {
  await desk();
  const reply = root.querySelector('[data-testid=reply-form]') as HTMLElement;
  const text = () => reply.querySelector('textarea') as unknown as HTMLInputElement;
  await put(text(), 'Good morning', 'input');
  await put(labelled('Insert a ready answer', reply), '0', 'change');
  expect(text().value).toBe('Good morning\n\n«text»');
});

it('internal entries are marked, and changes say from what to what and by whom', async () => {
  await desk();
  const entries = [...root.querySelectorAll('[data-testid=entry]')];
  const internal = entries.filter((entry) => entry.textContent?.includes('Internal note'));
  expect(internal.map((entry) => entry.className)).toEqual([expect.stringContaining('entry-internal')]);
  const step = entries.find((entry) => entry.textContent?.includes('New → Accepted'));
  expect(step?.textContent).toContain('«first» «last»');
});

it('steps come from the server; declining wants a reason and a second look', async () => {
  await desk();
  const steps = root.querySelector('[data-testid=steps]') as HTMLElement;
  expect([...steps.querySelectorAll('button')].map((one) => one.textContent?.trim())).toEqual([
    'Start work',
    'Ask the resident',
    'Wait for the supplier',
    'Finish with a result',
    'Close without work',
    'Decline',
    'Assign to me',
  ]);
  await click(button('Decline', steps));
  const dialog = () => root.querySelector('dialog') as HTMLElement;
  expect(dialog().textContent).toContain('without the thing being done');
  await click(button('Decline', dialog()));
  expect(sent('PATCH')).toHaveLength(0);
  expect(dialog().textContent).toContain('Give a reason');
  await put(labelled('Reason', dialog()), 'Not ours', 'input');
  await click(button('Decline', dialog()));
  expect(body('PATCH')).toEqual({ status: 'declined', text: 'Not ours', version: 3 });
  expect(root.querySelector('dialog')).toBeNull();
});

it('only what was changed is sent', async () => {
  await desk();
  const fields = root.querySelector('[data-testid=fields]') as HTMLElement;
  await put(labelled('Assigned to', fields), '', 'change');
  await put(labelled('Deadline', fields), '2026-12-24T10:30', 'input');
  await act(() => void fields.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  await settle();
  expect(body('PATCH')).toEqual({
    assignee_id: null,
    due_at: '2026-12-24T09:30:00.000Z',
    version: 3,
  });
});

it('who was quicker is told of, and the newest state is asked for', async () => {
  calls.PATCH.mockRejectedValue(new Problem('conflict', 409));
  await desk();
  const looks = () => sent('GET').filter(([path]) => path === '/tickets/{ticket_id}').length;
  const before = looks();
  await click(button('Start work'));
  expect(root.querySelector('[data-testid=quicker]')?.textContent).toContain('quicker');
  expect(looks()).toBe(before + 1);
});

it('what somebody else changes meanwhile leaves own work in the fields and in a question alone', async () => {
  await desk();
  const fields = () => root.querySelector('[data-testid=fields]') as HTMLElement;
  await put(labelled('Deadline', fields()), '2026-12-24T10:30', 'input');
  const newer = { ...(staffAnswers['/tickets/{ticket_id}'] as Ticket), version: 4, assignee_id: null };
  calls.GET.mockImplementation(async (path: string) =>
    path === '/tickets/{ticket_id}' ? newer : (staffAnswers[path] ?? answers[path]),
  );
  calls.PATCH.mockRejectedValueOnce(new Problem('conflict', 409));
  await click(button('Decline'));
  const dialog = () => root.querySelector('dialog') as HTMLElement;
  await put(labelled('Reason', dialog()), 'Not ours', 'input');
  await click(button('Decline', dialog()));
  expect(labelled('Reason', dialog()).value).toBe('Not ours');
  expect(labelled('Deadline', fields()).value).toBe('2026-12-24T10:30');
  expect(labelled('Assigned to', fields()).value).toBe('');
  await click(button('Decline', dialog()));
  expect(body('PATCH', 1)).toEqual({ status: 'declined', text: 'Not ours', version: 4 });
});

it('a duplicate goes into another open ticket of the contract', async () => {
  await desk();
  await click(button('Merge as a duplicate'));
  const targets = [...root.querySelectorAll('[data-testid=merge-target]')];
  expect(targets).toHaveLength(2);
  await click(targets[0]?.querySelector('input'));
  await click(button('Merge', root.querySelector('dialog') as HTMLElement));
  expect(sent('POST')[0]?.[0]).toBe('/tickets/{ticket_id}/merger');
  expect(body('POST')).toEqual({ into_ticket_id: 'tkt_3' });
});

it('an ended ticket takes no reply', async () => {
  const ended = { ...(staffAnswers['/tickets/{ticket_id}'] as Ticket), status: 'done', outcome: 'done' } as Ticket;
  ended.abilities = { ...ended.abilities, statuses: ['in_progress'], comment: false };
  calls.GET.mockImplementation(async (path: string) =>
    path === '/tickets/{ticket_id}' ? ended : (staffAnswers[path] ?? answers[path]),
  );
  await desk();
  expect(root.querySelector('[data-testid=reply-form]')?.closest('[hidden]')).not.toBeNull();
  await click(button('Reopen'));
  expect(root.querySelector('dialog')?.textContent).toContain('Reason');
});

it('staff enter a ticket for the person who rang, and learn of what is known already', async () => {
  calls.POST.mockResolvedValue({ ticket_id: 'tkt_9', number: '2026/000099', status: 'new', due_at: null });
  await show('/queue/new', '/queue/new', QueueNew);
  const search = root.querySelector('input[type=search]') as HTMLInputElement;
  await put(search, 'now', 'input');
  await act(() => void search.form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  await settle();
  await click(button('Choose'));
  await put(labelled('Category'), 'kitchen_leak', 'change');
  expect(root.querySelector('[data-testid=similar]')?.textContent).toContain('«title»');
  await click(labelled('Belongs to: «title»'));
  expect(labelled('Subject').value).toBe('«leak»');
  const form = labelled('Subject').form as HTMLFormElement;
  await act(() => void form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  await settle();
  const [path, init] = sent('POST')[0] as Call;
  expect(path).toBe('/tickets');
  expect(init?.body).toMatchObject({
    contract_id: 'con_1',
    reporter_id: 'per_1',
    channel: 'telephone',
    type: 'technical',
    category: 'kitchen_leak',
    subject: '«leak»',
    incident_id: 'inc_1',
  });
  expect(init?.headers).toHaveProperty('Idempotency-Key');
  expect(root.querySelector('[data-testid=receipt]')?.textContent).toContain('2026/000099');
});

it('resolving an incident says beforehand how many will be answered', async () => {
  const resolved = { ...(staffAnswers['/incidents/{incident_id}'] as object), state: 'resolved' };
  calls.POST.mockResolvedValue(resolved);
  await show('/incidents/:incident_id', '/incidents/inc_1', IncidentPage);
  await click(button('Resolve it'));
  expect(root.textContent).toContain('Write what is to be told');
  await put(labelled('News'), 'It is warm again', 'input');
  await click(button('Resolve it'));
  expect(root.querySelector('[data-testid=resolve-count]')?.textContent).toBe(
    '2 tickets will be answered with this text and be done.',
  );
  expect(sent('POST')).toHaveLength(0);
  await click(button('Resolve it', root.querySelector('dialog') as HTMLElement));
  expect(body('POST')).toEqual({ text: 'It is warm again', resolved: true });
  expect(root.querySelector('[data-testid=incident-said]')?.textContent).toContain('2 tickets are being answered');
  expect(button('Resolve it')).toBeUndefined();
});
