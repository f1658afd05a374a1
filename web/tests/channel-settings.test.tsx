import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { channelSettings } from './notice-fixtures';
import { begin, body, button, calls, click, end, labelled, put, root, sent, show, text } from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { me } = await import('./fixtures');
const { session } = await import('../src/session/session');
const { default: Channels } = await import('../src/pages/notification-channels');

const part = (name: string) => root.querySelector<HTMLElement>(`[data-testid="${name}"]`);
const open = () => show('/notification-channels', '/notification-channels?channel=telegram', Channels);

beforeEach(async () => {
  await begin();
  session.value = { state: 'in', me: me(['administrator']) };
  calls.PUT.mockResolvedValue({ ...channelSettings[0], enabled: false, version: 5 });
});
afterEach(end);

it('keeps a secret that is not typed, and never shows one', async () => {
  await open();
  expect(labelled('Token of the bot').value).toBe('');
  await put(labelled('Name of the bot'), 'dom_new_bot');
  await click(labelled('Send by this channel'));
  await click(button('Save'));
  expect(sent('PUT')[0]?.[1]).toEqual({
    params: { path: { channel: 'telegram' } },
    body: { enabled: false, settings: { bot: 'dom_new_bot' }, secrets: {}, version: 4 },
  });
  expect(document.activeElement).toBe(part('saved'));
  await put(labelled('Token of the bot'), '12345:abcdefghijklmnopqrstuvwxyz');
  await click(button('Save'));
  expect(body('PUT', 1)).toMatchObject({ secrets: { bot_token: '12345:abcdefghijklmnopqrstuvwxyz' }, version: 5 });
});

it('sends nothing that cannot be right', async () => {
  await open();
  await put(labelled('Token of the bot'), 'not a token');
  await click(button('Save'));
  expect(part('error-summary')).not.toBeNull();
  expect(calls.PUT).not.toHaveBeenCalled();
});

it('tells the channel where to call, and says what came of it', async () => {
  await open();
  expect(labelled('Address for messages').value).toBe('https://portal.example/hook');
  calls.POST.mockResolvedValueOnce({ state: 'refused', code: '401' });
  await click(button('Tell Telegram this address'));
  expect(text()).toContain('Telegram did not take it: 401');
  calls.POST.mockResolvedValueOnce({ state: 'sent', code: '' });
  await click(button('Tell Telegram this address'));
  expect(text()).toContain('Telegram knows the address.');
});

it('ends the former secret only after asking', async () => {
  await open();
  const former = part('former-secret') as HTMLElement;
  await click(former.querySelector('button'));
  expect(calls.DELETE).not.toHaveBeenCalled();
  calls.DELETE.mockResolvedValue({ ...channelSettings[0], former_secret_lives: false, version: 5 });
  await click(root.querySelector('dialog .button-main'));
  expect(sent('DELETE')[0]?.[0]).toBe('/notification-channels/{channel}/former-secret');
  expect(part('former-secret')).toBeNull();
});
