import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '../src/api/problem';
import type { ChannelOffer, NoticeWishes } from '../src/api/types';
import { channels, preview, reminderPolicy, wishes } from './notice-fixtures';
import { begin, body, button, calls, click, end, labelled, put, root, sent, show, text } from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { me } = await import('./fixtures');
const { session } = await import('../src/session/session');
const { STAGES, stagesText } = await import('../src/i18n/reminder-words');
const { offReason } = await import('../src/i18n/off-words');
const { default: Dead } = await import('../src/pages/dead-addresses');
const { default: Person } = await import('../src/pages/person');
const { default: Reminders } = await import('../src/pages/reminder-policy');
const { default: Templates } = await import('../src/pages/notification-templates');

const part = (name: string) => root.querySelector<HTMLElement>(`[data-testid="${name}"]`);
const reminders = (role: 'staff' | 'administrator') => {
  session.value = { state: 'in', me: me([role]) };
  return show('/reminder-policy', '/reminder-policy', Reminders);
};
const template = () => show('/notification-templates', '/notification-templates?kind=payment_due', Templates);

beforeEach(begin);
afterEach(end);

it('has words for every list of days that a policy has', () => {
  const { components } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'openapi.json'), 'utf8'));
  const fields = Object.entries<{ type?: string }>(components.schemas.ReminderPolicyResponse.properties);
  expect(Object.keys(STAGES)).toEqual(
    expect.arrayContaining(fields.filter(([, { type }]) => type === 'array').map(([name]) => name)),
  );
});

it('says when people are told, in the order in which they live through it', () => {
  expect(stagesText('due', [0, 3, 7, 1, 3])).toBe('7 days before, 3 days before, 1 day before, on the day itself');
  expect(stagesText('overdue', [14, 3])).toBe('3 days after, 14 days after');
  expect(stagesText('ending', [])).toBe('No reminder');
});

it('shows the policy to staff, who cannot change it', async () => {
  await reminders('staff');
  expect(text()).toContain('7 days before, 3 days before, on the day itself');
  expect(root.querySelector('input, button.button-main')).toBeNull();
});

it('sends all lists over the version that was read, and shows what is saved', async () => {
  await reminders('administrator');
  await put(labelled('Before a payment is due'), ' 5;2  1');
  await put(labelled('Before a contract ends'), '');
  calls.PUT.mockResolvedValue({ ...reminderPolicy, due: [5, 2, 1], ending: [], version: 1 });
  await click(button('Save'));
  expect(body('PUT')).toEqual({ ...reminderPolicy, due: [5, 2, 1], ending: [], version: 0 });
  expect(document.activeElement).toBe(part('saved'));
  expect(labelled('Before a payment is due').value).toBe('5, 2, 1');
  await click(button('Save'));
  expect(body('PUT', 1).version).toBe(1);
});

it('sends nothing that are no days, and puts what the server refuses to its field', async () => {
  await reminders('administrator');
  await put(labelled('While a payment is overdue'), '3, -1');
  await click(button('Save'));
  expect(text()).toContain('Enter whole numbers of days');
  expect(calls.PUT).not.toHaveBeenCalled();
  await put(labelled('While a payment is overdue'), '3, 400');
  const wrong = { field: 'overdue.1', code: 'less_than_equal', params: { le: 90 } };
  calls.PUT.mockRejectedValue(new Problem('invalid_body', 422, null, [wrong]));
  await click(button('Save'));
  const field = labelled('While a payment is overdue');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(field.closest('.field')?.textContent).toContain('Enter at most 90');
});

it('shows how it stands where a colleague was quicker, once that is wanted', async () => {
  await reminders('administrator');
  await put(labelled('Before a payment is due'), '9');
  calls.PUT.mockRejectedValue(new Problem('conflict', 409));
  await click(button('Save'));
  expect(labelled('Before a payment is due').value).toBe('9');
  calls.GET.mockResolvedValue({ ...reminderPolicy, due: [4], version: 2 });
  await click(button('Show how it stands now'));
  expect(labelled('Before a payment is due').value).toBe('4');
});

it('lists messages in the groups of the settings, with their ways', async () => {
  await show('/notification-templates', '/notification-templates', Templates);
  expect(sent('GET')[0]).toEqual(['/notification-templates', { params: { query: { locale: 'en' } } }]);
  expect([...root.querySelectorAll('h2')].map((one) => one.textContent)).toEqual([
    'Reminders of payments',
    'Outages, the end of a contract, changes of your contact details',
  ]);
  expect(root.querySelector('[data-kind=payment_due]')?.textContent).toContain(
    'Browser, Telegram; failing that: E-mail; failing that: SMS',
  );
});

it('previews a message in another language and on another channel', async () => {
  await template();
  expect(part('message')?.textContent).toContain('Due in 7 days.');
  await put(labelled('Language of messages'), 'uk', 'change');
  expect(sent('GET').at(-1)?.[1]).toEqual({ params: { path: { kind: 'payment_due' }, query: { locale: 'uk' } } });
  await put(labelled('Channel'), 'sms', 'change');
  expect(part('message')?.textContent).toBe(preview.sms.text);
  expect(text()).toContain(`Characters${[...preview.sms.text].length}`);
  await put(labelled('Channel'), 'email', 'change');
  const frame = root.querySelector('iframe');
  expect(frame?.getAttribute('sandbox')).toBe('allow-same-origin');
  const letter = frame?.getAttribute('srcdoc');
  expect(letter).toContain('Your payment');
  expect(letter).not.toMatch(/style|href/);
});

it('sends a test in the language that is shown, and says what came of it', async () => {
  await template();
  calls.POST.mockResolvedValueOnce({ state: 'refused', code: 'MessageRejected' });
  await click(button('Send me a test'));
  expect(sent('POST')[0]).toEqual([
    '/notification-templates/{kind}/test',
    { params: { path: { kind: 'payment_due' } }, body: { locale: 'en' } },
  ]);
  expect(part('test-failed')?.textContent).toContain('refused');
  expect(part('test-failed')?.textContent).toContain('MessageRejected');
  calls.POST.mockResolvedValueOnce({ state: 'sent', code: '' });
  await click(button('Send me a test'));
  expect(part('test-sent')).not.toBeNull();
  calls.POST.mockRejectedValueOnce(new Problem('channel_not_offered', 409));
  await click(button('Send me a test'));
  expect(part('failed')).not.toBeNull();
  expect(part('test-sent')).toBeNull();
});

async function person(stands: { channels: ChannelOffer[]; preferences: NoticeWishes }, email = '«e@mail»') {
  const others = calls.GET.getMockImplementation() as (path: string) => Promise<object>;
  calls.GET.mockImplementation(async (path: string) => {
    if (path === '/people/{person_id}/channels') return stands;
    return path === '/people/{person_id}' ? { ...(await others(path)), email } : others(path);
  });
  await show('/people/:person_id', '/people/per_1', Person);
}
const channel = (name: string) => root.querySelector(`[data-testid=person-channel][data-channel=${name}]`)?.textContent;

it('shows staff where a person is reached, and why an address is off', async () => {
  const [mail, ...others] = channels as [ChannelOffer, ...ChannelOffer[]];
  const dead = mail.addresses.map((one) => ({ ...one, code: 'bounce_permanent_noemail' }));
  await person({ channels: [{ ...mail, addresses: dead }, ...others], preferences: wishes });
  expect(channel('email')).toMatch(/Switched off since .*The mail server does not accept.*switch it on again/);
  expect(channel('telegram')).toMatch(/Linked since .*Switched off since .*It was unlinked or blocked there/);
  expect(channel('viber')).toContain('Not linked');
  expect(root.querySelectorAll('[data-testid=person-channel] button, [data-testid=person-channel] input').length).toBe(
    0,
  );
  await person({ channels: [{ ...mail, addresses: [] }], preferences: wishes });
  expect(channel('email')).toBe('E-mailOn');
  await person({ channels: [{ ...mail, addresses: [] }], preferences: wishes }, '');
  expect(channel('email')).toContain('No e-mail address in the register');
});

it('shows staff what a person has chosen', async () => {
  await person({
    channels: [],
    preferences: { ...wishes, locale: 'uk', own_time_zone: true, time_zone: 'Europe/Kyiv' },
  });
  expect(text()).toContain('sends no messages outside the site');
  for (const shown of ['Українська', '22:00–07:00', 'Daily digest18:00', 'Europe/Kyiv'])
    expect(text()).toContain(shown);
  expect(part('person-refused')?.textContent).toBe('Reminders of readings: Telegram (in part)');
  const muted = { payment_due: ['sms', 'email'], news: ['email'] } as NoticeWishes['muted'];
  await person({ channels: [], preferences: { ...wishes, muted, quiet_to: '22:00', digest_at: null } });
  expect(text()).toContain('Quiet hoursNone');
  expect(text()).toContain('each message by itself');
  expect([...root.querySelectorAll('[data-testid=person-refused] li')].map((one) => one.textContent)).toEqual([
    'Reminders of payments: E-mail, SMS',
    'Other news: E-mail',
  ]);
  await person({ channels: [], preferences: { ...wishes, muted: {} } });
  expect(text()).toContain('Switched offNothing');
});

it('lists dead addresses with their people and reasons', async () => {
  await show('/dead-addresses', '/dead-addresses', Dead);
  const row = part('dead-row');
  expect(row?.querySelector('a')?.getAttribute('href')).toBe('/people/per_1');
  expect(row?.textContent).toContain('reported as spam');
  calls.GET.mockResolvedValue({ items: [], next_cursor: null });
  await show('/dead-addresses', '/dead-addresses?again', Dead);
  expect(text()).toContain('all addresses work');
  session.value = { state: 'in', me: me(['tenant']) };
  await show('/dead-addresses', '/dead-addresses', Dead);
  expect(part('not-found')).not.toBeNull();
});

it.each([
  ['bounce_permanent_general', 'The mail server does not accept'],
  ['bounce_permanent_onaccountsuppressionlist', 'no longer writes'],
  ['http_410', 'no longer receives'],
  ['403', 'unlinked or blocked'],
  ['text_invalid', 'no such address or number'],
  ['131099', 'Messages did not arrive there: 131099.'],
])('says why %s ends an address', (code, words) => expect(offReason(code)).toContain(words));
