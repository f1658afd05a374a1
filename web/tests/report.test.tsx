import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TicketSettings } from '../src/api/types';
import { answers, me, organisation, ticketSettings } from './fixtures';

const post =
  vi.fn<(path: string, init: { body: Record<string, unknown>; headers: Record<string, string> }) => unknown>();
const similar = { incidents: [] as unknown[], tickets: [] as unknown[] };
let settings: TicketSettings;
const contracts = { items: [] as unknown[], next_cursor: null };

vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (asked: Promise<unknown>) => asked,
  unwrapMarked: async (asked: Promise<unknown>) => ({ data: await asked, mark: null }),
  api: {
    GET: async (path: string) => {
      if (path === '/tickets/similar') return similar;
      if (path === '/contracts') return contracts;
      if (path === '/tickets') return { items: [], next_cursor: null };
      if (path === '/ticket-settings') return settings;
      return answers[path];
    },
    POST: async (path: string, init: never) => post(path, init),
  },
}));

const { session } = await import('../src/session/session');
const { locale } = await import('../src/i18n/locale');
const { m } = await import('../src/paraglide/messages.js');
const { Problem } = await import('../src/api/problem');
const { default: Home } = await import('../src/pages/home');
const { default: Report } = await import('../src/pages/report');
await Promise.all([import('../src/pages/parts/wished-times'), import('../src/pages/parts/similar')]);

const receipt = { ticket_id: 'tkt_9', number: '2026/000018', status: 'not_reviewed', due_at: '2026-11-25T15:00:00Z' };
const one = (answers['/contracts'] as { items: Record<string, unknown>[] }).items[0];

let root: HTMLElement;
let taps: number;
let leave: () => void;

const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1)
    await act(async () => void (await new Promise((done) => setTimeout(done, 1))));
};

async function open(address: string) {
  await act(() => render(null, root));
  history.replaceState(null, '', address);
  await act(() =>
    render(
      <LocationProvider>
        <Router>
          <Route path="/" component={Home} />
          <Route path="/tickets/new" component={Report} />
        </Router>
      </LocationProvider>,
      root,
    ),
  );
  await settle();
}

const find = (words: string) =>
  [...root.querySelectorAll<HTMLElement>('a, button, label')].find((node) =>
    node.textContent?.trim().startsWith(words),
  );

async function tap(words: string) {
  const target = find(words);
  if (!target) throw new Error(`nothing to tap called ${words} in: ${root.textContent}`);
  taps += 1;
  await act(() => target.click());
  await settle();
}

async function type(name: string, value: string) {
  const field = root.querySelector<HTMLInputElement>(`[name=${name}]`);
  if (!field) throw new Error(`no field ${name}`);
  await act(() => {
    field.value = value;
    field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
    if (field.tagName === 'SELECT') field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const sent = () => post.mock.calls.filter(([path]) => path === '/tickets').map(([, init]) => init);

beforeEach(() => {
  locale.value = 'en';
  sessionStorage.clear();
  post.mockReset();
  post.mockResolvedValue(receipt);
  settings = ticketSettings;
  similar.incidents = [];
  similar.tickets = [];
  contracts.items = [one];
  taps = 0;
  session.value = { state: 'in', me: { ...me(['tenant']), organisation } };
  root = document.body.appendChild(document.createElement('div'));
  leave = () => {
    render(null, root);
    root.remove();
  };
});

afterEach(() => leave());

it('is sent with four taps from the home page: report, place, problem, send', async () => {
  await open('/');
  await tap('Report something');
  await tap('«kitchen»');
  await tap('«leak»');
  await tap('Send');
  expect(taps).toBe(4);
  expect(sent()).toHaveLength(1);
  expect(sent()[0]?.body).toMatchObject({
    contract_id: 'con_1',
    type: 'technical',
    category: 'kitchen_leak',
    subject: '«leak»',
    common_part: false,
    emergency: false,
    attachments: [],
  });
  expect(sent()[0]?.headers['Idempotency-Key']).toMatch(/^[0-9a-f-]{36}$/);
  expect(root.querySelector('[data-testid=sent]')?.textContent).toContain('2026/000018');
  expect(root.textContent).toContain('25 Nov 2026');
  expect(root.querySelector('a[href="/tickets/tkt_9"]')).not.toBeNull();
  await tap(m.report_another());
  expect(root.querySelector('[data-testid=place]')).not.toBeNull();
  expect(Object.keys({ ...sessionStorage })).toEqual([]);
});

it('a place without problems below it is a problem itself', async () => {
  await open('/tickets/new');
  await tap('«else»');
  await tap('Send');
  expect(sent()[0]?.body).toMatchObject({ category: 'something_else' });
});

it('several contracts: one has to be chosen, unless the person comes from its page', async () => {
  contracts.items = [one, { ...one, contract_id: 'con_2' }];
  await open('/tickets/new?problem=kitchen_leak');
  await tap('Send');
  expect(sent()).toHaveLength(0);
  expect(root.querySelector('[data-testid=error-summary]')?.textContent).toContain(m.report_for_wanted());
  await type('contract_id', 'con_2');
  await tap('Send');
  expect(sent()[0]?.body).toMatchObject({ contract_id: 'con_2' });

  await open('/tickets/new?contract=con_2');
  await tap('«kitchen»');
  await tap('«leak»');
  await tap('Send');
  expect(sent()).toHaveLength(2);
  expect(sent()[1]?.body).toMatchObject({ contract_id: 'con_2' });
});

it('ended contracts are not offered while another runs', async () => {
  contracts.items = [one, { ...one, contract_id: 'con_2', ends_on: '2020-01-31' }];
  await open('/tickets/new?problem=kitchen_leak');
  await tap('Send');
  expect(sent()[0]?.body).toMatchObject({ contract_id: 'con_1' });
});

it('an emergency shows the numbers before sending is offered', async () => {
  await open('/tickets/new?problem=kitchen_leak');
  await tap('It is an emergency');
  const number = root.querySelector('[data-testid=emergency] a');
  expect(number?.getAttribute('href')).toBe('tel:112');
  expect(root.querySelector('button[type=submit]')).toBeNull();
  // Not by the Enter key either.
  await act(
    () => void root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
  );
  await settle();
  expect(sent()).toHaveLength(0);
  await tap(m.report_emergency_go_on());
  await tap('Send');
  expect(sent()[0]?.body).toMatchObject({ emergency: true });
  expect(root.querySelector('a[href="tel:112"]')).not.toBeNull();
});

const URGENT: TicketSettings = {
  ...ticketSettings,
  categories: [
    { code: 'gas_smell', names: { en: 'Smell of gas' }, deadline: { amount: 1, unit: 'hours' } },
    ...ticketSettings.categories,
  ],
};
const before = (first: string, second: string) => {
  const [one, other] = [first, second].map((testId) => root.querySelector(`[data-testid=${testId}]`));
  if (!one || !other) throw new Error(`${first} or ${second} is missing in: ${root.textContent}`);
  return Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
};
const outage = () => (answers['/tickets/similar'] as typeof similar).incidents[0] as Record<string, unknown>;

it('the first emergency number can be rung from both screens before anything is ticked, above what is known', async () => {
  similar.incidents = [outage()];
  for (const [address, below] of [
    ['/tickets/new', 'place'],
    ['/tickets/new?problem=kitchen_leak', 'known-incident'],
  ] as const) {
    await open(address);
    const number = root.querySelector('[data-testid=emergency-number]');
    expect(number?.getAttribute('href')).toBe('tel:112');
    expect(number?.textContent).toBe('112');
    expect(number?.getAttribute('aria-label')).toContain('112');
    expect(root.querySelector('[data-testid=emergency]')).toBeNull();
    expect(before('emergency-number', below)).toBe(true);
  }
});

it('a problem with a deadline round the clock shows the numbers at once and is still sent in four taps', async () => {
  settings = URGENT;
  similar.incidents = [outage()];
  await open('/');
  await tap('Report something');
  await tap('Smell of gas');
  expect(root.querySelector('[data-testid=emergency] a')?.getAttribute('href')).toBe('tel:112');
  expect(root.querySelector('[data-testid=emergency-number]')).toBeNull();
  expect(before('emergency', 'known-incident')).toBe(true);
  expect(find(m.report_known_join())).toBeUndefined();
  await tap('Send');
  expect(taps).toBe(3);
  expect(sent()[0]?.body).toMatchObject({ category: 'gas_smell', emergency: false, incident_id: null });
});

it('an emergency is never added to a known outage', async () => {
  similar.incidents = [outage()];
  await open('/tickets/new?problem=kitchen_leak');
  expect(find(m.report_known_join())).toBeDefined();
  await tap('It is an emergency');
  expect(root.querySelector('[data-testid=known-incident]')?.textContent).toContain('«update»');
  expect(find(m.report_known_join())).toBeUndefined();
});

it('what begins in the future is announced, and nobody is added to it', async () => {
  similar.incidents = [{ ...outage(), starts_at: '2099-01-01T08:00:00Z', ends_at: null }];
  await open('/tickets/new?problem=kitchen_leak');
  const text = root.querySelector('[data-testid=known-incident]')?.textContent ?? '';
  expect(text).toContain('Announced: «title»');
  expect(text).toContain('from 1 Jan 2099');
  expect(text).not.toContain('since');
  expect(find(m.report_known_join())).toBeUndefined();
});

it('a known outage is offered before sending: "add me" sends at once', async () => {
  similar.incidents = [(answers['/tickets/similar'] as typeof similar).incidents[0]];
  await open('/tickets/new?problem=kitchen_leak');
  expect(root.querySelector('[data-testid=known-incident]')?.textContent).toContain('«title»');
  await tap(m.report_known_join());
  expect(sent().map(({ body }) => body.incident_id)).toEqual(['inc_1']);
});

it('without "add me" nothing is said of the outage', async () => {
  similar.incidents = [(answers['/tickets/similar'] as typeof similar).incidents[0]];
  similar.tickets = (answers['/tickets/similar'] as typeof similar).tickets;
  await open('/tickets/new?problem=kitchen_leak');
  expect(root.querySelector('[data-testid=known-tickets] a')?.getAttribute('href')).toBe('/tickets/tkt_1');
  await tap('Send');
  expect(sent().map(({ body }) => body.incident_id)).toEqual([null]);
});

it('what was written is still there after an accidental reload, for this person only', async () => {
  await open('/tickets/new?problem=kitchen_leak');
  await type('subject', 'Water everywhere');
  await type('description', 'Since Monday');
  await act(() => render(null, root));
  await open('/tickets/new?problem=kitchen_leak');
  expect(root.querySelector<HTMLInputElement>('[name=subject]')?.value).toBe('Water everywhere');
  await tap('Send');
  expect(sent()[0]?.body).toMatchObject({ subject: 'Water everywhere', description: 'Since Monday' });
  expect(Object.keys({ ...sessionStorage })).toEqual([]);

  await open('/tickets/new?problem=kitchen_leak');
  await type('description', 'My secret');
  await act(() => render(null, root));
  session.value = { state: 'in', me: { ...me(['tenant']), person: { ...me([]).person, person_id: 'per_2' } } };
  await open('/tickets/new?problem=kitchen_leak');
  expect(root.querySelector<HTMLInputElement>('[name=description]')?.value).toBe('');
});

it('an own subject stays when another problem is chosen; a suggested one follows', async () => {
  await open('/tickets/new?problem=kitchen_leak');
  await tap('Another problem');
  await tap('«tap»');
  expect(root.querySelector<HTMLInputElement>('[name=subject]')?.value).toBe('«tap»');
  await type('subject', 'Mine');
  await tap('Another problem');
  await tap('«leak»');
  expect(root.querySelector<HTMLInputElement>('[name=subject]')?.value).toBe('Mine');
});

it('a refusal is told in words, and the same report sent again repeats its key', async () => {
  await open('/tickets/new?problem=kitchen_leak');
  post.mockRejectedValueOnce(new Problem('unknown_category', 422));
  await tap('Send');
  expect(root.querySelector('[data-testid=error-summary]')?.textContent).toContain(m.code_ticket_unknown_category());
  await tap('Send');
  await settle();
  const keys = sent().map(({ headers }) => headers['Idempotency-Key']);
  expect(keys[1]).toBe(keys[0]);
});

it('who has no contract is told so', async () => {
  contracts.items = [];
  await open('/tickets/new');
  expect(root.textContent).toContain(m.report_no_contract());
});
