import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '../src/api/problem';
import type { ChannelOffer, NoticeWishes } from '../src/api/types';
import { channels, wishes } from './notice-fixtures';
import { begin, body, button, calls, click, end, labelled, put, root, sent, settle, show, text } from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { me } = await import('./fixtures');
const { session } = await import('../src/session/session');
const { default: Settings } = await import('../src/pages/notification-settings');
const { default: Unsubscribe } = await import('../src/pages/unsubscribe');
const { comes, grouped, switched } = await import('../src/pages/parts/notify-groups');
const { dialled } = await import('../src/pages/parts/notify-code');

const PATH = '/own-data/notifications';
let offers: ChannelOffer[];
let stands: NoticeWishes;

beforeEach(async () => {
  await begin();
  session.value = { state: 'in', me: me(['tenant']) };
  offers = channels;
  stands = wishes;
  const others = calls.GET.getMockImplementation() as (path: string) => Promise<unknown>;
  calls.GET.mockImplementation(async (path: string) => {
    if (path === '/notifications/channels') return { channels: offers };
    return path === '/notifications/preferences' ? stands : others(path);
  });
  calls.PATCH.mockImplementation(async (_: string, { body: { version, ...change } }) => ({
    ...stands,
    ...change,
    version: version + 1,
  }));
});

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  await end();
});

const open = () => show(PATH, PATH, Settings);
const row = (channel: string) => root.querySelector<HTMLElement>(`[data-channel=${channel}]`) as HTMLElement;
const part = (name: string) => root.querySelector<HTMLElement>(`[data-testid="${name}"]`);
const dialog = () => root.querySelector('dialog') as HTMLElement;

it('says of each channel what is linked, and why something is off', async () => {
  await open();
  expect(row('email').textContent).toMatch(/Switched off since .*did not arrive there: «bounce»/);
  expect(row('email').querySelector('a')?.getAttribute('href')).toBe('/own-data');
  expect(row('telegram').textContent).toMatch(/Linked since .*Switched off since .*unlinked or blocked there/);
  expect(row('viber').textContent).toContain('Not linked');
  expect(row('sms').textContent).toMatch(/Linked since .* «\+48\*\*\*100»/);
});

it('links a messenger by an address that is a picture too, and notices when it has happened', async () => {
  calls.POST.mockResolvedValue({
    state: 'waiting',
    url: 'https://t.example/start',
    qr: { size: 29, path: 'M4 4h7v1h-7z' },
    expires_at: new Date(Date.now() + 900_000).toISOString(),
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  await open();
  await click(button('Link Viber'));
  expect(sent('POST')).toEqual([
    ['/notifications/channels/{channel}/link', { params: { path: { channel: 'viber' } }, body: {} }],
  ]);
  expect(dialog().querySelector('a')?.getAttribute('href')).toBe('https://t.example/start');
  expect(dialog().querySelector('svg[role=img]')?.getAttribute('aria-label')).toBe('QR code that opens Viber');
  const asked = () => sent('GET').filter(([path]) => path === '/notifications/channels');
  const before = asked().length;
  offers = channels.map((one) =>
    one.channel === 'viber'
      ? {
          ...one,
          addresses: [{ link_id: 'v1', shown: '', state: 'on', code: '', since: '2026-11-22T09:00:00Z' }],
        }
      : one,
  );
  await act(async () => void (await vi.advanceTimersByTimeAsync(3500)));
  await settle();
  expect(asked().length).toBeGreaterThan(before);
  expect(part('channel-said')?.textContent).toBe('Viber is linked');
  expect(dialog()).toBeNull();
  // Nobody has asked for these looks.
  for (const [, init] of asked()) expect(init?.headers).toHaveProperty('If-None-Match');
});

it('links a number by a code that was sent there', async () => {
  calls.GET.mockImplementationOnce(calls.GET.getMockImplementation() as never);
  await open();
  await click(button('Link SMS again'));
  await put(labelled('Telephone number'), '12');
  await click(button('Send the code', dialog()));
  expect(dialog().textContent).toContain('Enter the number with its country code');
  await put(labelled('Telephone number'), '0048 600-100-200');
  await click(button('Send the code', dialog()));
  expect(body('POST')).toEqual({ phone: '+48600100200' });
  calls.POST.mockRejectedValueOnce(new Problem('wrong_link_code', 422));
  await put(labelled('Code'), '123456');
  await click(button('Confirm', dialog()));
  expect(dialog().querySelector('[data-testid=error-summary]')?.textContent).toContain('code');
  await click(button('Confirm', dialog()));
  expect(sent('POST').at(-1)).toEqual([
    '/notifications/channels/{channel}/confirmation',
    { params: { path: { channel: 'sms' } }, body: { code: '123456' } },
  ]);
  expect(part('channel-said')?.textContent).toBe('SMS is linked');
});

it.each([
  ['0048 600-100-200', '+48600100200'],
  [' +47 (400) 00 000 ', '+4740000000'],
])('dials %s as %s', (typed, wanted) => {
  expect(dialled(typed)).toBe(wanted);
});

it('asks before it unlinks, and unlinks that address only', async () => {
  await open();
  await click(button('Unlink', row('sms')));
  expect(dialog().textContent).toContain('Unlink SMS?');
  expect(calls.DELETE).not.toHaveBeenCalled();
  await click(button('Unlink', dialog()));
  expect(sent('DELETE')).toEqual([
    ['/notifications/channels/{channel}', { params: { path: { channel: 'sms' }, query: { link_id: 's1' } } }],
  ]);
  expect(part('channel-said')?.textContent).toBe('SMS is unlinked');
});

it('writes to an e-mail address again that was off', async () => {
  await open();
  await click(button('Write to it again'));
  expect(sent('DELETE')[0]?.[1]).toEqual({ params: { path: { channel: 'email' }, query: { link_id: 'e1' } } });
  expect(part('channel-said')?.textContent).toBe('We write to your e-mail address again');
});

it('asks the browser for permission only when it is pressed, and links what it gives', async () => {
  const requestPermission = vi.fn(async () => 'denied');
  const subscribe = vi.fn(async () => ({
    toJSON: () => ({ endpoint: 'https://push.example/1', expirationTime: null, keys: { p256dh: 'p', auth: 'a' } }),
  }));
  vi.stubGlobal('Notification', { permission: 'default', requestPermission });
  vi.stubGlobal('PushManager', class {});
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: { ready: Promise.resolve({ pushManager: { subscribe } }) },
  });
  await open();
  expect(requestPermission).not.toHaveBeenCalled();
  await click(button('Allow in this browser'));
  expect(row('push').textContent).toContain('does not allow it');
  expect(calls.POST).not.toHaveBeenCalled();
  requestPermission.mockResolvedValue('granted');
  calls.POST.mockResolvedValue({ state: 'linked', link_id: 'p1' });
  await click(button('Allow in this browser'));
  expect(subscribe).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: 'BKey' });
  const subscription = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } };
  expect(body('POST')).toEqual({ subscription });
  expect(part('channel-said')?.textContent).toBe('Browser is linked');
  expect(localStorage.getItem('lokum.push')).toBe('p1');
  Reflect.deleteProperty(navigator, 'serviceWorker');
});

it('saves what is wished, with the version that was seen', async () => {
  await open();
  const sms = labelled('Reminders of payments: SMS');
  expect(sms.checked).toBe(true);
  await act(() => sms.click());
  await put(labelled('From'), '21:30');
  await click(root.querySelector('#when ~ .check input'));
  await click(button('Save'));
  expect(body('PATCH')).toEqual({
    muted: { window_opened: ['telegram'], payment_due: ['sms'] },
    quiet_from: '21:30',
    quiet_to: '07:00',
    digest_at: null,
    locale: null,
    time_zone: null,
    version: 3,
  });
  expect(document.activeElement).toBe(part('saved'));
  await put(labelled('Language of messages'), 'nb', 'change');
  await click(button('Save'));
  expect(body('PATCH', 1)).toMatchObject({ locale: 'nb', version: 4 });
});

it('shows what cannot be refused without a switch, and what is never sent as such', async () => {
  await open();
  const rows = [...root.querySelectorAll('[data-testid=wish-row]')];
  expect(rows.map((one) => one.querySelector('th')?.textContent)).toEqual([
    'Reminders of payments',
    'Charges and payments',
    'Reminders of readingsSome of it is switched off.',
    'Other news',
    'Outages, the end of a contract, changes of your contact details',
  ]);
  expect(rows[4]?.querySelectorAll('input').length).toBe(0);
  expect(rows[1]?.querySelectorAll('input').length).toBe(1);
  expect(labelled('Reminders of readings: Telegram').indeterminate).toBe(true);
});

it('wants hours, and shows what stands when somebody was faster', async () => {
  await open();
  await put(labelled('From'), '');
  await click(button('Save'));
  expect(part('error-summary')?.textContent).toContain('Enter a time of day');
  expect(calls.PATCH).not.toHaveBeenCalled();
  await put(labelled('From'), '21:00');
  calls.PATCH.mockRejectedValueOnce(new Problem('conflict', 409));
  stands = { ...wishes, quiet_to: '06:15', version: 9 };
  await click(button('Save'));
  expect(part('error-summary')).not.toBeNull();
  expect(labelled('To').value).toBe('06:15');
  await click(button('Save'));
  expect(body('PATCH', 1).version).toBe(9);
});

it('switches one group of a nature that was refused as a whole on again', () => {
  const muted: NoticeWishes['muted'] = { reminder: ['sms'], news: ['sms'] };
  const [due, , windows] = grouped(wishes.kinds);
  if (!due || !windows) throw new Error('no groups');
  expect([comes(muted, due, 'sms'), comes(muted, due, 'email')]).toEqual(['none', 'all']);
  const now = switched(muted, due, 'sms', true, wishes.kinds);
  expect(now).toEqual({ news: ['sms'], window_opened: ['sms'], window_closing: ['sms'] });
  expect([comes(now, due, 'sms'), comes(now, windows, 'sms')]).toEqual(['all', 'none']);
  expect(switched(now, due, 'sms', false, wishes.kinds)).toEqual({ ...now, payment_due: ['sms'] });
});

it('refuses a kind of message with one press, in the language of the person and without a session', async () => {
  session.value = { state: 'out' };
  await show('/unsubscribe/:token', '/unsubscribe/org_1.per_1.payment_due.mac', Unsubscribe);
  expect(text()).toContain('Przypomnienia o terminach płatności');
  expect(calls.POST).not.toHaveBeenCalled();
  calls.POST.mockRejectedValueOnce(new Problem('internal_error', 500));
  await click(button('Nie wysyłajcie ich więcej'));
  expect(part('failed')).not.toBeNull();
  await click(button('Nie wysyłajcie ich więcej'));
  expect(sent('POST').at(-1)).toEqual([
    '/unsubscribe/{token}',
    { params: { path: { token: 'org_1.per_1.payment_due.mac' } } },
  ]);
  expect(document.activeElement).toBe(part('unsubscribed'));
  expect(button('Nie wysyłajcie ich więcej')).toBeUndefined();
});

it('offers no choice among ways where the organisation has none', async () => {
  offers = [];
  await open();
  expect(root.textContent).toContain('sends no messages outside the site yet');
  expect(root.querySelector('form, [data-testid=wish-row]')).toBeNull();
});
