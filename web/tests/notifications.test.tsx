import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NoticeItem } from '../src/api/types';
import { LOCALES } from '../src/i18n/languages';
import { locale } from '../src/i18n/locale';
import { NOTICES, noticePage, noticeText } from '../src/i18n/notice-words';
import NotificationsPage from '../src/pages/notifications';
import { session } from '../src/session/session';
import { Bell } from '../src/ui/bell';
import { me } from './fixtures';

// The client takes its `fetch` when it is made.
const server = vi.hoisted(() => {
  const fetch = vi.fn<(request: Request) => Promise<Response>>();
  vi.stubGlobal('fetch', fetch);
  return fetch;
});

const MINUTE = 60_000;

let root: HTMLElement;
let visible: 'visible' | 'hidden';
/** What the server has: `total` notices, those whose number is in `unread` not read; it marks at most 99 at once, as the real one. */
let unread: Set<number>;
let total = 0;
let broken = false;
let deliveries: NoticeItem['deliveries'];
const requests: Request[] = [];

const notice = (number: number): NoticeItem => ({
  notice_id: `ntc_${number}`,
  kind: number % 2 ? 'payment_settled' : 'of_tomorrow',
  about: { contract_id: 'con_1' },
  values: { amount: number * 100, currency: 'PLN', day: '2026-11-20' },
  created_at: '2026-11-20T08:00:00Z',
  read: !unread.has(number),
  deliveries,
});

async function answer(request: Request): Promise<Response> {
  requests.push(request);
  if (broken) return Response.json({ code: 'internal_error' }, { status: 500 });
  if (request.method === 'POST') {
    const wanted = ((await request.json()) as { notice_ids?: string[] | null }).notice_ids;
    for (const one of [...unread].slice(0, 99)) if (wanted?.includes(`ntc_${one}`) ?? true) unread.delete(one);
    return Response.json({ unread: Math.min(unread.size, 100) });
  }
  const from = Number(new URL(request.url).searchParams.get('cursor') ?? total);
  const items = Array.from({ length: Math.min(30, from) }, (_, index) => notice(from - index));
  const mark = JSON.stringify([...unread, total, from]);
  if (request.headers.get('If-None-Match') === mark) return new Response(null, { status: 304 });
  const body = { items, unread: Math.min(unread.size, 100), next_cursor: from > 30 ? String(from - 30) : null };
  return Response.json(body, { headers: { ETag: mark } });
}

const pass = (time: number) => act(async () => void (await vi.advanceTimersByTimeAsync(time)));
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await pass(1);
};
const turn = async (to: typeof visible) => {
  visible = to;
  await act(() => void document.dispatchEvent(new Event('visibilitychange')));
  await pass(0);
};
const part = (name: string) => [...root.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`)];
const bell = () => part('bell')[0];
const button = (name: string) => [...root.querySelectorAll('button')].find((one) => one.textContent?.startsWith(name));
const click = async (element: HTMLElement | undefined) => {
  expect(element).toBeTruthy();
  await act(() => element?.click());
  await settle();
};

async function open(inbox: boolean) {
  history.replaceState(null, '', inbox ? '/notifications' : '/');
  await act(() =>
    render(
      <LocationProvider>
        <Bell />
        <Router>
          <Route path="/notifications" component={NotificationsPage} />
          <Route default component={() => <p>elsewhere</p>} />
        </Router>
      </LocationProvider>,
      root,
    ),
  );
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T09:00:00Z') });
  server.mockImplementation(answer);
  visible = 'visible';
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visible);
  locale.value = 'en';
  session.value = { state: 'in', me: me(['tenant']) };
  requests.length = 0;
  broken = false;
  total = 3;
  unread = new Set([3, 2]);
  deliveries = [];
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the bell', () => {
  it('shows how much is unread, in figures and as its name; beyond 99 that there is more', async () => {
    await open(false);
    expect([bell()?.textContent, bell()?.getAttribute('aria-label')]).toEqual(['2', 'Notifications: 2 unread']);
    unread = new Set(Array.from({ length: 300 }, (_, index) => index));
    await pass(MINUTE);
    expect([bell()?.textContent, bell()?.getAttribute('aria-label')]).toEqual([
      '99+',
      'Notifications: more than 99 unread',
    ]);
    unread = new Set();
    await pass(MINUTE);
    expect([bell()?.textContent, bell()?.getAttribute('aria-label')]).toEqual(['', 'Notifications']);
  });

  it('asks once a minute, and says of each request that nobody has asked for it', async () => {
    await open(false);
    await pass(10 * MINUTE);
    expect(requests.length).toBe(11);
    for (const request of requests) expect(request.headers.get('If-None-Match')).toBeTruthy();
  });

  it('never asks faster, however often the page is turned to, nor while it is hidden, nor without marks after failures', async () => {
    await open(false);
    for (let times = 0; times < 5; times += 1) {
      await turn('hidden');
      await turn('visible');
    }
    expect(requests.length).toBe(1);
    await turn('hidden');
    await pass(10 * MINUTE);
    expect(requests.length).toBe(1);
    broken = true;
    await turn('visible');
    expect(requests.length).toBe(2);
    await pass(10 * MINUTE);
    expect(requests.length).toBeLessThan(13);
    for (const request of requests) expect(request.headers.get('If-None-Match')).toBeTruthy();
    expect(bell()?.textContent).toBe('2');
  });
});

describe('the inbox', () => {
  const rows = () => part('notice-row').map((row) => row.textContent?.replaceAll('\u00a0', ' '));

  it('says by which ways it was sent besides, what became of it, and when it was later', async () => {
    total = 1;
    deliveries = [
      { channel: 'telegram', state: 'gone', at: '2026-11-20T08:00:09Z', code: '403', digest: false },
      { channel: 'email', state: 'delivered', at: '2026-11-20T17:00:00Z', code: '', digest: true },
    ];
    await open(true);
    expect(part('sent-by').map((one) => one.textContent)).toEqual([
      ' · Telegram: not delivered: the address no longer exists',
      ' · E-mail: delivered, 20 Nov 2026, 18:00, in the daily digest',
    ]);
  });

  it('shows what was told, in words, with what is new marked and linked', async () => {
    await open(true);
    expect(rows()).toEqual([
      'New A payment of PLN 3.00 has arrived (20 November 2026)20 Nov 2026, 09:00',
      'New There is news for you in the portal20 Nov 2026, 09:00Mark as read: There is news for you in the portal',
      'A payment of PLN 1.00 has arrived (20 November 2026)20 Nov 2026, 09:00',
    ]);
    expect(part('notice-row')[0]?.querySelector('a')?.getAttribute('href')).toBe('/accounts/con_1');
  });

  it('takes what is opened for read, and the bell knows', async () => {
    await open(true);
    await click(part('notice-row')[0]?.querySelector('a') ?? undefined);
    expect(location.pathname).toBe('/accounts/con_1');
    expect(bell()?.textContent).toBe('1');
    expect(unread).toEqual(new Set([2]));
  });

  it('marks one that leads nowhere', async () => {
    await open(true);
    await click(button('Mark as read'));
    expect(unread).toEqual(new Set([3]));
    expect(rows()[1]).toBe('There is news for you in the portal20 Nov 2026, 09:00');
  });

  it('marks all as read, also those that are not shown and more than one request takes', async () => {
    total = 250;
    unread = new Set(Array.from({ length: 250 }, (_, index) => index + 1));
    await open(true);
    await click(button('Mark all as read'));
    expect(unread.size).toBe(0);
    expect(requests.filter(({ method }) => method === 'POST').length).toBe(3);
    expect(bell()?.textContent).toBe('');
    expect(root.querySelector('.notice-fresh')).toBeNull();
    expect(document.activeElement).toBe(part('all-read')[0]);
    expect(button('Mark all as read')).toBeUndefined();
  });

  it('says what is wrong, and that nothing was marked', async () => {
    await open(true);
    broken = true;
    await click(button('Mark all as read'));
    expect(part('failed').length).toBe(1);
    expect(root.querySelectorAll('.notice-fresh').length).toBe(2);
  });

  it('grows page by page', async () => {
    total = 65;
    await open(true);
    expect(rows().length).toBe(30);
    await click(button('Show more'));
    await click(button('Show more'));
    expect(rows().length).toBe(65);
    expect(button('Show more')).toBeUndefined();
  });

  it('is empty, and not to be had, in words', async () => {
    total = 0;
    unread.clear();
    await open(true);
    expect(root.textContent).toContain('There are no notifications yet');
    await act(() => render(null, root));
    broken = true;
    await open(true);
    expect(part('failed')[0]?.querySelector('button')?.textContent).toBe('Try again');
  });
});

/** Of every name that values have, one that any kind can be made of. */
const VALUES = {
  amount: 125035,
  currency: 'PLN',
  day: '2026-12-10',
  last: '2026-12-05',
  days: 3,
  at: '2026-11-22T10:00:00+01:00',
  purpose: 'rent',
  cause: 'refund',
  medium: 'cold_water',
  number: 'A/12',
  status: 'in_progress',
  wanted: 'document',
  role: 'owner',
  channel: 'email',
  title: 'Lift',
};

describe.each(LOCALES.map((one) => [one]))('in %s', (one) => {
  it('every kind has words of its own', () => {
    locale.value = one;
    const texts = Object.keys(NOTICES).map((kind) => noticeText({ kind, values: VALUES }, 'UTC'));
    for (const text of texts) expect(text).not.toMatch(/_|undefined|NaN|\{|[a-z]\d|^$/);
    // What goes back is said to the payer and to the staff in the same words.
    expect(new Set(texts).size).toBe(texts.length - 1);
    expect(texts).not.toContain(noticeText({ kind: 'of_tomorrow', values: {} }, 'UTC'));
    expect(noticeText({ kind: 'payment_refunded', values: { ...VALUES, cause: 'chargeback' } }, 'UTC')).not.toBe(
      noticeText({ kind: 'payment_refunded', values: VALUES }, 'UTC'),
    );
  });

  it('what cannot be read is news in general', () => {
    locale.value = one;
    const general = noticeText({ kind: 'of_tomorrow', values: {} }, 'UTC');
    expect(noticeText({ kind: 'payment_settled', values: { currency: 'not one' } }, 'UTC')).toBe(general);
    expect(noticeText({ kind: 'window_opened', values: { medium: 'oxygen', last: '2026-12-05' } }, 'UTC')).toBe(
      general,
    );
  });
});

it('leads to a page only where all of its address is known, and to no other site', () => {
  const about = { contract_id: '../..//evil.test?x' };
  expect(noticePage({ kind: 'payment_due', about })).toBe('/accounts/..%2F..%2F%2Fevil.test%3Fx/pay');
  expect(noticePage({ kind: 'payment_due', about: {} })).toBeNull();
  expect(noticePage({ kind: 'window_opened', about: {} })).toBe('/meters');
  expect(noticePage({ kind: 'of_tomorrow', about })).toBeNull();
});
