import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';

type Handler = (event: object) => void;

const code = readFileSync(join(import.meta.dirname, '..', 'public', 'sw.js'), 'utf8');
const showNotification = vi.fn(async () => undefined);
const openWindow = vi.fn(async () => null);
const open = { focus: vi.fn(async () => undefined), navigate: vi.fn(async () => undefined) };
let windows: object[];
let handlers: Record<string, Handler>;

/** What a handler wants to be waited for. */
async function say(name: string, event: object): Promise<void> {
  let done: Promise<unknown> = Promise.resolve();
  handlers[name]?.({ ...event, waitUntil: (work: Promise<unknown>) => (done = work) });
  await done;
}

beforeEach(() => {
  vi.clearAllMocks();
  windows = [];
  handlers = {};
  const worker = {
    location: new URL('https://portal.example/sw.js?locale=pl'),
    addEventListener: (name: string, handler: Handler) => (handlers[name] = handler),
    registration: { showNotification },
    clients: { matchAll: async () => windows, openWindow },
  };
  new Function('self', code)(worker);
});

const notice = {
  id: 'ntc_1',
  title: 'A payment',
  body: 'It has arrived',
  url: 'https://portal.example/',
  urgent: true,
};

it('shows what was sent; the same notice again takes the place of the first', async () => {
  await say('push', { data: { json: () => notice } });
  expect(showNotification).toHaveBeenCalledWith(
    'A payment',
    expect.objectContaining({
      body: 'It has arrived',
      tag: 'ntc_1',
      requireInteraction: true,
      data: { url: notice.url },
    }),
  );
});

it.each([
  ['https://portal.example/payments/pay_1', 'https://portal.example/payments/pay_1'],
  ['/payments/pay_1', 'https://portal.example/payments/pay_1'],
  ['https://elsewhere.example/payments', 'https://portal.example'],
])('a press on %s leads to %s', async (url, there) => {
  const notification = { close: vi.fn(), data: { url } };
  await say('notificationclick', { notification });
  expect(notification.close).toHaveBeenCalled();
  expect(openWindow).toHaveBeenCalledWith(there);
  windows = [open];
  await say('notificationclick', { notification });
  expect(open.navigate).toHaveBeenCalledWith(there);
  expect(openWindow).toHaveBeenCalledTimes(1);
});
