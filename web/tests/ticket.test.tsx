import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Ticket } from '../src/api/types';
import { answers, me, organisation, ticket } from './fixtures';

const post = vi.fn<(path: string, init: { body?: unknown; headers: Record<string, string> }) => unknown>();
const get = vi.fn<(path: string, init: { headers: Record<string, string> }) => unknown>();
let now: Ticket;

vi.mock('../src/api/client', async () => {
  const { Problem } = await import('../src/api/problem');
  return {
    onSessionLost: () => undefined,
    unwrap: (asked: Promise<unknown>) => asked,
    unwrapMarked: async (asked: Promise<unknown>) => {
      const data = await asked;
      if (data === 404) throw new Problem('not_found', 404);
      return { data, mark: '"1"' };
    },
    api: {
      GET: async (path: string, init: never) => get(path, init),
      POST: async (path: string, init: never) => post(path, init),
    },
  };
});

const { session } = await import('../src/session/session');
const { locale } = await import('../src/i18n/locale');
const { m } = await import('../src/paraglide/messages.js');
const { default: TicketPage } = await import('../src/pages/ticket');
// Loaded beforehand, so that a busy machine does not decide when they are there.
await Promise.all([import('../src/pages/parts/ticket-answer'), import('../src/pages/parts/ticket-ended')]);

const NOTHING: Ticket['abilities'] = { statuses: [], comment: false, reopen: false, rate: false, withdraw: false };
const OPEN: Ticket = {
  ...ticket,
  status: 'not_reviewed',
  outcome: null,
  awaiting_you: false,
  wanted: null,
  question: '',
  result: '',
  stars: null,
  merged_into: null,
  abilities: { ...NOTHING, comment: true, withdraw: true },
};

let root: HTMLElement;

const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1)
    await act(async () => void (await new Promise((done) => setTimeout(done, 1))));
};

async function open(shown: Ticket) {
  now = shown;
  history.replaceState(null, '', '/tickets/tkt_1');
  await act(() =>
    render(
      <LocationProvider>
        <Router>
          <Route path="/tickets/:ticket_id" component={TicketPage} />
          <Route default component={() => null} />
        </Router>
      </LocationProvider>,
      root,
    ),
  );
  await settle();
}

const part = (testId: string) => root.querySelector<HTMLElement>(`[data-testid=${testId}]`);
const button = (words: string, within: Element = root) =>
  [...within.querySelectorAll('button')].find((one) => one.textContent?.includes(words));

async function press(words: string, within?: Element) {
  const target = button(words, within);
  if (!target) throw new Error(`no button ${words}`);
  await act(() => target.click());
  await settle();
}

async function write(name: string, value: string) {
  const field = root.querySelector<HTMLTextAreaElement>(`textarea[name=${name}]`);
  if (!field) throw new Error(`no field ${name}`);
  await act(() => {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const posted = () => post.mock.calls.map(([path, { body }]) => [path.split('/').at(-1), body]);
const looks = () => get.mock.calls.filter(([path]) => path === '/tickets/{ticket_id}').length;

beforeEach(() => {
  locale.value = 'en';
  sessionStorage.clear();
  post.mockReset();
  post.mockResolvedValue({ entry_id: 'ent_9', status: 'reviewed' });
  get.mockReset();
  get.mockImplementation((path) => (path === '/tickets/{ticket_id}' ? now : answers[path]));
  session.value = { state: 'in', me: { ...me(['tenant']), organisation } };
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(() => {
  render(null, root);
  root.remove();
});

it('says how it stands, tells the conversation, and offers just what may be done', async () => {
  await open(OPEN);
  expect(part('ticket-status')?.textContent).toBe(m.ticket_status_not_reviewed());
  const entries = [...root.querySelectorAll<HTMLElement>('[data-testid=entry]')];
  expect(entries.map((entry) => entry.dataset.kind)).toEqual(ticket.timeline.map(({ kind }) => kind));
  expect(entries[0]?.textContent).toContain(m.ticket_by_you());
  expect(entries[1]?.textContent).toContain('«organisation»');
  expect(entries[2]?.textContent).toContain(m.ticket_by_household());
  expect(root.querySelector('[role=log]')).not.toBeNull();
  expect(button(m.ticket_write_action())).toBeDefined();
  expect(button(m.ticket_withdraw())).toBeDefined();
  expect(part('rating')).toBeNull();
  expect(button(m.ticket_reopen())).toBeUndefined();
});

it('a change of somebody else appears by itself', async () => {
  vi.useFakeTimers();
  try {
    now = OPEN;
    const opened = open(OPEN);
    await vi.advanceTimersByTimeAsync(100);
    await opened;
    now = { ...OPEN, status: 'in_progress', awaiting_you: true, wanted: 'answer' };
    await act(async () => void (await vi.advanceTimersByTimeAsync(2100)));
    expect(part('ticket-status')?.textContent).toBe(m.ticket_status_in_progress());
    expect(part('awaiting-you')?.textContent).toContain(m.ticket_question_title());
    expect(get.mock.lastCall?.[1].headers).toEqual({ 'If-None-Match': '"1"' });
  } finally {
    vi.useRealTimers();
  }
});

it.each([
  ['document', m.ticket_document_title, m.home_document_action],
  ['photo', m.ticket_photo_title, m.home_photo_action],
] as const)(
  'a %s that is asked for is said with its question, and comes before the words',
  async (wanted, title, action) => {
    await open({ ...OPEN, status: 'in_progress', awaiting_you: true, wanted, question: '«question»' });
    const told = part('awaiting-you');
    expect(told?.textContent).toContain(title());
    expect(told?.textContent).toContain('«question»');
    expect(told?.querySelector('a')?.textContent).toBe(action());
    const [file, words] = root.querySelectorAll('#answer input[type=file], #answer textarea');
    expect(file?.getAttribute('name')).toBe('files');
    expect(file?.nextElementSibling?.textContent).toContain(action());
    expect(words?.tagName).toBe('TEXTAREA');
    expect(part('awaiting-reporter')).toBeNull();
  },
);

it('a question that changes no status is a message of the manager', async () => {
  const [first] = ticket.timeline;
  if (!first) throw new Error('no entries');
  const asked = { ...first, entry_id: 'ent_asked', kind: 'status_changed', previous: null, now: null } as const;
  await open({ ...OPEN, timeline: [{ ...asked, text: '«question»' }] });
  expect(part('entry')?.querySelector('.entry-head span')?.textContent).toBe(m.ticket_entry_commented());
});

it('whoever shares the home sees what is asked, and that somebody else is to answer', async () => {
  await open({ ...OPEN, status: 'in_progress', wanted: 'document', question: '«question»' });
  expect(part('awaiting-you')).toBeNull();
  expect(part('awaiting-reporter')?.textContent).toContain(m.ticket_question_household());
  expect(part('awaiting-reporter')?.textContent).toContain('«question»');
  const [words] = root.querySelectorAll('#answer input[type=file], #answer textarea');
  expect(words?.tagName).toBe('TEXTAREA');
});

it('a message needs words or a file; it is sent once and seen at once', async () => {
  await open(OPEN);
  await press(m.ticket_write_action());
  expect(root.querySelector('[data-testid=error-summary]')?.textContent).toContain(m.ticket_write_wanted());
  expect(posted()).toEqual([]);
  await write('text', 'The valve is shut');
  const before = looks();
  await press(m.ticket_write_action());
  expect(posted()).toEqual([['comments', { text: 'The valve is shut', internal: false, attachments: [] }]]);
  expect(looks()).toBe(before + 1);
  expect(root.querySelector<HTMLTextAreaElement>('textarea[name=text]')?.value).toBe('');
});

const written = () => root.querySelector<HTMLTextAreaElement>('textarea[name=text]')?.value;

it('what is being written outlasts the end of the ticket, for this person and this ticket, until it is sent', async () => {
  vi.useFakeTimers();
  try {
    const opened = open(OPEN);
    await vi.advanceTimersByTimeAsync(100);
    await opened;
    const typed = write('text', 'It still drips');
    await vi.advanceTimersByTimeAsync(100);
    await typed;
    now = { ...OPEN, status: 'reviewed', abilities: { ...NOTHING, reopen: true } };
    await act(async () => void (await vi.advanceTimersByTimeAsync(2100)));
    expect(written()).toBeUndefined();
    expect(root.textContent).toContain(m.ticket_write_closed());
    now = OPEN;
    await act(async () => void (await vi.advanceTimersByTimeAsync(2100)));
    expect(written()).toBe('It still drips');
  } finally {
    vi.useRealTimers();
  }
  const again = async (person_id: string) => {
    await act(() => render(null, root));
    session.value = { state: 'in', me: { ...me(['tenant']), person: { ...me([]).person, person_id } } };
    await open(OPEN);
  };
  await again('per_2');
  expect(written()).toBe('');
  await again('per_1');
  expect(written()).toBe('It still drips');
  await press(m.ticket_write_action());
  expect(posted()).toEqual([['comments', { text: 'It still drips', internal: false, attachments: [] }]]);
  expect(Object.keys({ ...sessionStorage })).toEqual([]);
  await again('per_1');
  expect(written()).toBe('');
});

it('pictures open large in a dialog; other files are links', async () => {
  await open(OPEN);
  const [picture, other] = root.querySelectorAll('[data-testid=attachment]');
  expect(picture?.querySelector('img')?.alt).toContain('«picture»');
  expect(other?.querySelector('a')?.getAttribute('href')).toBe('http://files.test/file');
  await act(() => picture?.querySelector('button')?.click());
  expect(root.querySelector('dialog img')?.getAttribute('src')).toBe('http://files.test/file');
  await press(m.ticket_close(), root.querySelector('dialog') as Element);
  expect(root.querySelector('dialog')).toBeNull();
});

it('withdrawing is asked for once more', async () => {
  await open(OPEN);
  await press(m.ticket_withdraw());
  expect(posted()).toEqual([]);
  await press(m.ticket_withdraw_keep(), root.querySelector('dialog') as Element);
  expect(root.querySelector('dialog')).toBeNull();
  await press(m.ticket_withdraw());
  await press(m.ticket_withdraw(), root.querySelector('dialog') as Element);
  expect(posted()).toEqual([['withdrawal', undefined]]);
});

it('the result stands first; it is rated with stars and words, or reopened with a reason', async () => {
  await open({ ...ticket, stars: null, merged_into: null, abilities: { ...NOTHING, rate: true, reopen: true } });
  expect(part('ticket-status')?.textContent).toContain(m.ticket_status_done());
  expect(part('result')?.textContent).toContain('«result»');
  expect(button(m.ticket_write_action())).toBeUndefined();
  expect(root.textContent).toContain(m.ticket_write_closed());

  await press(m.ticket_rate_action());
  expect(root.querySelector('[data-testid=error-summary]')?.textContent).toContain(m.ticket_rate_wanted());
  const stars = root.querySelectorAll<HTMLInputElement>('input[type=radio][name=stars]');
  expect(stars).toHaveLength(5);
  expect(root.querySelector(`label[for="${stars[3]?.id}"]`)?.textContent).toBe('4 stars');
  await act(() => stars[3]?.click());
  await press(m.ticket_rate_action());
  expect(posted()).toEqual([['rating', { stars: 4, text: '' }]]);
  expect(part('saved')?.textContent).toContain(m.ticket_rated_done());
  expect(document.activeElement).toBe(part('saved'));

  post.mockClear();
  await press(m.ticket_reopen());
  await press(m.ticket_reopen_action());
  expect(posted()).toEqual([]);
  const reason = root.querySelector<HTMLTextAreaElement>('[aria-labelledby=reopening-title] textarea');
  await act(() => {
    if (reason) reason.value = 'It drips again';
    reason?.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await press(m.ticket_reopen_action());
  expect(posted()).toEqual([['reopening', { text: 'It drips again' }]]);
});

it('what is not there for the reader is not found', async () => {
  await open(404 as unknown as Ticket);
  expect(part('not-found')).not.toBeNull();
});
