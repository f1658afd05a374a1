import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider } from 'preact-iso';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Ticket } from '../src/api/types';
import { answers, me, organisation, staffAnswers } from './fixtures';

const post = vi.fn<(path: string, init: { body: unknown }) => unknown>();
vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (asked: Promise<unknown>) => asked,
  unwrapMarked: async (asked: Promise<unknown>) => ({ data: await asked, mark: null }),
  api: {
    GET: async (path: string, init?: { params: { path: { ticket_id: string } } }) =>
      path === '/tickets/{ticket_id}'
        ? { ...(staffAnswers[path] as Ticket), ticket_id: init?.params.path.ticket_id }
        : (staffAnswers[path] ?? answers[path]),
    POST: async (path: string, init: { body: unknown }) => post(path, init),
  },
}));

const { session } = await import('../src/session/session');
const { keepOrganisation } = await import('../src/theme/theme');
const { locale } = await import('../src/i18n/locale');
const { default: TicketDesk } = await import('../src/pages/parts/ticket-desk');
// Loaded beforehand, so that parts are there as soon as they are shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/ticket-*.tsx')).map((load) => load()));

// A whole page in a browser that is only imitated: slow on a machine with other work.
vi.setConfig({ testTimeout: 30_000 });

let root: HTMLElement;

const wait = () => act(async () => void (await new Promise((done) => setTimeout(done, 5))));
const settle = async () => {
  await wait();
  for (let turn = 0; turn < 60 && root.querySelector('.skeleton'); turn += 1) await wait();
};

/** As beside the queue: another ticket takes the place of the one before. */
async function look(ticket_id: string) {
  await act(() =>
    render(
      <LocationProvider>
        <TicketDesk key={ticket_id} ticket_id={ticket_id} beside />
      </LocationProvider>,
      root,
    ),
  );
  await settle();
  await settle();
}

const form = (kind: 'reply' | 'note') => {
  const found = root.querySelector(`[data-testid=${kind}-form]`);
  if (!found) throw new Error(`no form for a ${kind} in: ${root.textContent}`);
  return found;
};
const area = (kind: 'reply' | 'note') => form(kind).querySelector('textarea') as HTMLTextAreaElement;
const texts = () => [area('reply').value, area('note').value];
const type = async (kind: 'reply' | 'note', text: string) => {
  await act(() => {
    area(kind).value = text;
    area(kind).dispatchEvent(new Event('input', { bubbles: true }));
  });
  await settle();
};
const send = async (kind: 'reply' | 'note') => {
  await act(() => void form(kind).dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  await settle();
};

beforeEach(() => {
  locale.value = 'en';
  sessionStorage.clear();
  post.mockReset();
  post.mockResolvedValue({});
  session.value = { state: 'in', me: me(['staff']) };
  keepOrganisation(organisation);
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
});

it('a reply and a note outlast that another ticket is opened, each for itself, until they are sent', async () => {
  await look('tkt_2');
  await type('reply', 'We come today');
  await type('note', 'Rings twice');
  await look('tkt_3');
  expect(texts()).toEqual(['', '']);
  await look('tkt_2');
  expect(texts()).toEqual(['We come today', 'Rings twice']);

  await send('reply');
  await look('tkt_3');
  await look('tkt_2');
  expect(texts()).toEqual(['', 'Rings twice']);
  // The only text that waits stands in sight.
  expect(form('note').closest('[hidden]')).toBeNull();
  await send('note');
  expect(post.mock.calls.map(([, { body }]) => body)).toEqual([
    { text: 'We come today', internal: false, attachments: [] },
    { text: 'Rings twice', internal: true, attachments: [] },
  ]);
  expect(Object.keys({ ...sessionStorage })).toEqual([]);
});

it('what could not be sent stays', async () => {
  await look('tkt_2');
  await type('reply', 'We come today');
  post.mockRejectedValueOnce(new Error('lost'));
  await send('reply');
  await look('tkt_3');
  await look('tkt_2');
  expect(texts()).toEqual(['We come today', '']);
});
