import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Ticket } from '../src/api/types';
import { answers, staffAnswers } from './fixtures';
import {
  begin,
  body,
  button,
  type Call,
  calls,
  click,
  end,
  labelled,
  put,
  root,
  sent,
  settle,
  show,
} from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { Problem } = await import('../src/api/problem');
const { default: QueueNew } = await import('../src/pages/queue-new');
const { default: IncidentPage } = await import('../src/pages/incident');
const { default: TicketDesk } = await import('../src/pages/parts/ticket-desk');
// Loaded beforehand, so that parts are there as soon as they are shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/*.tsx')).map((load) => load()));

// Whole pages in a browser that is only imitated: slow on a machine with other work.
vi.setConfig({ testTimeout: 30_000 });

const desk = () => show('/tickets/:ticket_id', '/tickets/tkt_2', () => <TicketDesk ticket_id="tkt_2" />);

beforeEach(begin);
afterEach(end);

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

it('asking the resident says what for, in words, and then shows what is waited for', async () => {
  await desk();
  await click(button('Ask the resident', root.querySelector('[data-testid=steps]') as HTMLElement));
  const dialog = () => root.querySelector('dialog') as HTMLElement;
  await put(labelled('What you ask for', dialog()), 'document', 'change');
  await click(button('Ask the resident', dialog()));
  expect(sent('PATCH')).toHaveLength(0);
  expect(dialog().textContent).toContain('Say what you ask for');
  await put(labelled('Question or request', dialog()), 'A scan of the contract', 'input');
  const waiting = { wanted: 'document', question: 'A scan of the contract' } as const;
  const asking = { ...(staffAnswers['/tickets/{ticket_id}'] as Ticket), status: 'waiting_for_tenant', ...waiting };
  calls.GET.mockImplementation(async (path: string) =>
    path === '/tickets/{ticket_id}' ? asking : (staffAnswers[path] ?? answers[path]),
  );
  await click(button('Ask the resident', dialog()));
  const said = { text: 'A scan of the contract', wanted: 'document' };
  expect(body('PATCH')).toEqual({ status: 'waiting_for_tenant', ...said, version: 3 });
  const asked = root.querySelector('[data-testid=asked]')?.textContent;
  expect(asked).toContain('Expected of the resident: Document');
  expect(asked).toContain('A scan of the contract');
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
