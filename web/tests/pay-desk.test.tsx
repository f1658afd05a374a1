import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import openapi from '../openapi.json';
import type { ListedRefund, OnlinePayment, PaymentProvider, Refund } from '../src/api/types';
import { LOCALES } from '../src/i18n/languages';
import { answers, me, staffAnswers } from './fixtures';
import { autopay, doneLine, lines, refund, refundedPayment, stripe, unexplained } from './pay-desk-fixtures';
import { begin, body, button, calls, click, end, labelled, put, root, sent, show } from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { Problem } = await import('../src/api/problem');
const { session } = await import('../src/session/session');
const { default: PaymentProviders } = await import('../src/pages/payment-providers');
const { default: Reconciliation } = await import('../src/pages/reconciliation');
const { default: Refunds } = await import('../src/pages/refunds');
const { default: PaymentPage } = await import('../src/pages/payment');
const { default: UnmatchedTransfers } = await import('../src/pages/unmatched-transfers');
const { locale } = await import('../src/i18n/locale');
const { PAYMENT_STATES, STATE_TEXTS } = await import('../src/i18n/pay-words');
const { REFUND_STATES } = await import('../src/i18n/refund-words');
await import('../src/pages/parts/pay-receipt');
const { default: StaffTasks } = await import('../src/pages/parts/home-staff');
const { default: RefundPanel } = await import('../src/pages/parts/refund-panel');
const { refundable } = await import('../src/pages/parts/refund-ask');
const { basisPoints, readFee } = await import('../src/pages/parts/provider-fee');
// Loaded beforehand, so that its part is there as soon as it is shown.
await import('../src/pages/parts/provider-form');

vi.setConfig({ testTimeout: 30_000 });

let copied: string[];

const test = (id: string) => root.querySelector(`[data-testid="${id}"]`);
const text = (id?: string) => (id ? test(id) : root)?.textContent?.replace(/\s/g, ' ') ?? '';
const dialog = () => document.querySelector('dialog') as HTMLDialogElement;

const providers = (address = '/payment-providers') => show('/payment-providers', address, PaymentProviders);
const changed = vi.fn();
const plain: OnlinePayment = { ...refundedPayment, state: 'settled', refunded: 0, double_payment_ids: [], refunds: [] };
const panel = (payment: OnlinePayment) =>
  show('/payments/pay_9', '/payments/pay_9', () => <RefundPanel payment={payment} onChanged={changed} />);
const withRefund = (more: Partial<Refund>): OnlinePayment => ({ ...plain, refunds: [{ ...refund, ...more }] });

beforeEach(async () => {
  await begin();
  session.value = { state: 'in', me: me(['administrator']) };
  changed.mockReset();
  copied = [];
  vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: async (one: string) => void copied.push(one) } });
});

afterEach(async () => {
  await end();
  vi.unstubAllGlobals();
});

// ------------------------------------------------------------------ providers
it('each provider says whether it is on, and what is missing', async () => {
  await providers();
  const rows = [...root.querySelectorAll('[data-testid=provider-row]')].map((row) => row.textContent);
  expect(rows[0]).toContain('On');
  expect(rows[1]).toContain('Off, still missing: API key, Webhook secret');
  session.value = { state: 'in', me: me(['staff']) };
  await providers();
  expect(test('not-found')).not.toBeNull();
});

it('a secret that is set is never shown, and an empty field keeps it', async () => {
  for (const version of [4, 5]) calls.PUT.mockResolvedValueOnce({ ...autopay, version });
  await providers('/payment-providers?provider=autopay');
  const key = labelled('Shared key');
  expect([key.type, key.value]).toEqual(['password', '']);
  expect(text()).toContain('Set; leave empty to keep it.');
  await click(button('Save'));
  expect(sent('PUT')[0]?.[1]?.params).toEqual({ path: { provider: 'autopay' } });
  expect(body('PUT')).toEqual({
    enabled: true,
    part_payment: false,
    settings: { service_id: '903001' },
    secrets: {},
    fee: { kind: 'payer', fixed: 100, basis_points: 190, most: 1000 },
    version: 3,
  });
  expect(document.activeElement).toBe(test('saved'));
  await put(labelled('Shared key'), 'another-key');
  await click(button('Save'));
  expect(body('PUT', 1)).toMatchObject({ secrets: { key: 'another-key' }, version: 4 });
  expect(labelled('Shared key').value).toBe('');
});

it('what does not fit is told at its field, by the site or by the server, and nothing is sent before', async () => {
  await providers('/payment-providers?provider=autopay');
  await put(labelled('Service ID'), 'abc');
  await click(button('Save'));
  expect(sent('PUT')).toHaveLength(0);
  expect(text('error-summary')).toContain('This is not what the provider gives out');
  await put(labelled('Service ID'), '5');
  const errors = [{ field: 'settings.host', code: 'invalid_provider_setting', params: {} }];
  calls.PUT.mockRejectedValueOnce(new Problem('invalid_provider_setting', 422, null, errors));
  await click(button('Save'));
  expect(labelled('Address of the interface').getAttribute('aria-invalid')).toBe('true');
});

it('turning on asks first, sends what is typed, and wants everything that is needed', async () => {
  calls.PUT.mockResolvedValue({ ...stripe, enabled: true, secrets_set: ['api_key', 'webhook_secret'], version: 1 });
  await providers('/payment-providers?provider=stripe');
  await put(labelled('API key'), 'sk_live_1');
  await click(button('Turn on Stripe'));
  expect(dialog().textContent).toContain('«EUR», «PLN»');
  await click(button('Turn on Stripe', dialog()));
  expect(sent('PUT')).toHaveLength(0);
  expect(labelled('Webhook secret').getAttribute('aria-invalid')).toBe('true');
  // Saving leaves it off: what is missing may come later.
  await click(button('Save'));
  expect(body('PUT')).toMatchObject({ enabled: false, secrets: { api_key: 'sk_live_1' } });
  calls.PUT.mockClear();
  await providers('/payment-providers?provider=stripe');
  await put(labelled('API key'), 'sk_live_1');
  await put(labelled('Webhook secret'), 'whsec_1');
  await click(button('Turn on Stripe'));
  await click(button('Turn on Stripe', dialog()));
  expect(body('PUT')).toMatchObject({
    enabled: true,
    secrets: { api_key: 'sk_live_1', webhook_secret: 'whsec_1' },
    version: 0,
  });
  expect(text('saved')).toContain('Stripe is on.');
  expect(button('Turn off Stripe')).toBeTruthy();
});

it('who was slower than somebody else is told, and can look at how it stands', async () => {
  calls.PUT.mockRejectedValueOnce(new Problem('conflict', 409));
  await providers('/payment-providers?provider=autopay');
  await put(labelled('Service ID'), '77');
  await click(button('Save'));
  expect(text('error-summary')).toContain('Somebody else changed this');
  const now: PaymentProvider = { ...autopay, settings: { service_id: '88' }, version: 4 };
  calls.GET.mockResolvedValue({ providers: [now, stripe] });
  await click(button('Show how it stands now'));
  expect(labelled('Service ID').value).toBe('88');
});

it('the former secret is ended once, after a question', async () => {
  calls.DELETE.mockResolvedValue({ ...autopay, former_secret_lives: false, version: 4 });
  await providers('/payment-providers?provider=autopay');
  await click(button('End the former secret'));
  expect(sent('DELETE')).toHaveLength(0);
  await click(button('End the former secret', dialog()));
  expect(sent('DELETE').map(([path, init]) => [path, init?.params])).toEqual([
    ['/payment-providers/{provider}/former-secret', { path: { provider: 'autopay' } }],
  ]);
  expect(test('former-secret')).toBeNull();
  expect(text('saved')).toContain('The former secret has ended.');
});

it('messages that no live secret vouches for are told', async () => {
  await providers('/payment-providers?provider=autopay');
  expect(text('messages-refused')).toContain('2 messages were refused in the last 24 hours');
  await providers('/payment-providers?provider=stripe');
  expect(test('messages-refused')).toBeNull();
});

it('the address for messages is copied', async () => {
  await providers('/payment-providers?provider=autopay');
  await click(button('Copy the address'));
  expect(copied).toEqual([autopay.webhook_url]);
  expect(text()).toContain('Copied');
});

it('the fee is shown for an amount while it is typed', async () => {
  await providers('/payment-providers?provider=autopay');
  expect(text('fee-example')).toBe('For PLN 500.00 the payer pays PLN 510.00; PLN 10.00 of it is the fee.');
  await put(labelled('At most'), '');
  expect(text('fee-example')).toContain('PLN 510.50; PLN 10.50');
  await put(labelled('Percent'), '21');
  expect(text('fee-example')).toBe('');
  await click(button('Save'));
  expect(sent('PUT')).toHaveLength(0);
  expect(text('error-summary')).toContain('from 0 to 20');
  await click(labelled('What the provider adds'));
  expect(text('fee-example')).toBe('For PLN 500.00 the payer pays PLN 500.00 and what Autopay adds on its page.');
});

it.each([
  ['1,9', 190],
  ['0.05 %', 5],
  ['20', 2000],
  ['', 0],
  ['20.01', null],
  ['1.999', null],
  ['-1', null],
])('%s percent', (typed, points) => expect(basisPoints(typed)).toBe(points));

it('only a fee of ours has numbers', () => {
  const typed = { fee_kind: 'none' as const, fee_fixed: 'x', fee_percent: 'x', fee_most: '' };
  expect(readFee(typed, 'PLN')).toEqual({ fee: { kind: 'none', fixed: 0, basis_points: 0, most: null }, wrong: {} });
});

// ------------------------------------------------------------------ refunds
it('asking for a refund begins with what is left, and says that a colleague must confirm', async () => {
  await panel(plain);
  await click(button('Ask for a refund'));
  expect(labelled('Amount').value).toBe('450.00');
  await click(button('Ask for a refund'));
  expect(text('error-summary')).toContain('Say why');
  await put(labelled('Amount'), '450,01');
  await put(labelled('Reason'), 'Paid for the neighbour');
  await click(button('Ask for a refund'));
  expect(text('error-summary')).toContain('Enter an amount up to PLN 450.00');
  await put(labelled('Amount'), '120,50');
  await click(button('Ask for a refund'));
  expect(sent('POST')).toHaveLength(1);
  expect(body('POST')).toEqual({ amount: 12050, reason: 'Paid for the neighbour' });
  expect(sent('POST')[0]?.[1]?.headers).toEqual({ 'Idempotency-Key': expect.stringMatching(/./) });
  expect(text('refund-said')).toContain('A colleague must confirm it');
  expect(changed).toHaveBeenCalledTimes(1);
});

it('a colleague confirms after a question that names the sum', async () => {
  await panel(withRefund({}));
  expect(button('Ask for a refund')).toBeUndefined();
  await click(button('Confirm the refund'));
  expect(dialog().textContent?.replace(/\s/g, ' ')).toContain('Send PLN 120.00 back?');
  expect(sent('POST')).toHaveLength(0);
  await click(button('Confirm the refund', dialog()));
  expect(body('POST')).toEqual({ refund_id: 'rfd_1', confirmed: true });
  expect(text('refund-said')).toContain('Stripe is asked to send PLN 120.00 back');
});

it('whoever asked sees why he cannot confirm, and may take it back', async () => {
  await panel(withRefund({ asked_by: 'per_1' }));
  expect(text('refund-own')).toContain('a colleague must confirm it');
  expect(button('Confirm the refund')).toBeUndefined();
  await click(button('Take it back'));
  await click(button('Take it back', dialog()));
  expect(body('POST')).toEqual({ refund_id: 'rfd_1', confirmed: false });
});

it('who was slower sees how it stands; another refusal stays in the question', async () => {
  calls.POST.mockRejectedValueOnce(new Problem('second_look_needed', 409));
  await panel(withRefund({}));
  await click(button('Confirm the refund'));
  await click(button('Confirm the refund', dialog()));
  expect(dialog().textContent).toContain('Somebody else than who asked for it must confirm it.');
  expect(changed).not.toHaveBeenCalled();
  calls.POST.mockRejectedValueOnce(new Problem('refund_decided', 409));
  await click(button('Confirm the refund', dialog()));
  expect(dialog()).toBeNull();
  expect(text()).toContain('Somebody has decided this refund meanwhile.');
  expect(changed).toHaveBeenCalledTimes(1);
});

it('a failed refund says why in words, and is asked for again with its sum and reason', async () => {
  const decided = { decided_by: 'per_3', decided_at: refund.asked_at };
  await panel(withRefund({ state: 'failed', code: 'charge_disputed', ...decided }));
  expect(text('refund')).toContain('The payer’s bank is taking the payment back itself.');
  await click(button('Ask again'));
  expect([labelled('Amount').value, labelled('Reason').value]).toEqual(['120.00', '«reason»']);
  await panel(withRefund({ state: 'failed', code: 'E-17', ...decided }));
  expect(text('refund')).toContain('Stripe refused. Its code: E-17');
});

it('one that the provider gave no answer about is asked about again, or put down as not sent', async () => {
  const decided = { decided_by: 'per_3', decided_at: refund.asked_at };
  await panel(withRefund({ state: 'confirmed', code: 'provider_unavailable', ...decided }));
  expect(text('refund')).toContain('No answer from the provider');
  expect(button('Have the provider asked again')).toBeTruthy();
  await click(button('It was not sent'));
  await click(button('It was not sent', dialog()));
  expect(body('POST')).toEqual({ refund_id: 'rfd_1', confirmed: false });
  await panel(withRefund({ state: 'confirmed', ...decided }));
  expect(button('It was not sent')).toBeUndefined();
});

it.each([
  ['nothing has gone back', {}, 45000],
  ['the fee goes back too', { fee: 450 }, 45450],
  ['part of it is gone', { state: 'part_refunded', refunded: 10000 }, 35000],
  ['part of it is on its way', { refunds: [{ ...refund, state: 'confirmed' }] }, 33000],
  ['paid twice: the second first', { double_payment_ids: ['pay_10'] }, 45000],
  ['of the second a part is gone', { double_payment_ids: ['pay_10'], refunded: 10000 }, 35000],
  ['the second is gone', { double_payment_ids: ['pay_10'], refunded: 45000 }, 45000],
  ['all is gone', { refunded: 45000 }, 0],
  ['never paid', { state: 'failed' }, 0],
  ['the bank takes it back', { state: 'disputed' }, 0],
] as [string, Partial<OnlinePayment>, number][])('what can be sent back: %s', (_, more, left) =>
  expect(refundable({ ...plain, ...more })).toBe(left),
);

it('refunds are listed by state, with their payment', async () => {
  await show('/refunds', '/refunds', Refunds);
  expect(sent('GET')[0]?.[1]?.params).toEqual({ query: { state: 'asked' } });
  expect(text('refund-row')).toContain('«reason»');
  expect(test('refund-row')?.querySelector('a')?.getAttribute('href')).toBe('/payments/pay_9');
  calls.GET.mockResolvedValue({ items: [], next_cursor: null });
  await show('/refunds', '/refunds', Refunds);
  expect(text()).toContain('No refund waits for a second look.');
});

// ------------------------------------------------------------------ reconciliation and home
it('lines say what differs, what to do, and lead to the payment and the account', async () => {
  await show('/reconciliation', '/reconciliation?state=amount_differs', Reconciliation);
  expect(sent('GET')[0]?.[1]?.params).toEqual({ query: { state: 'amount_differs' } });
  const rows = [...root.querySelectorAll('[data-testid=reconcile-row]')];
  expect(rows).toHaveLength(lines.length);
  expect(rows[0]?.textContent?.replace(/\s/g, ' ')).toContain('-PLN 4.50');
  expect([...(rows[0]?.querySelectorAll('a') ?? [])].map((one) => one.getAttribute('href'))).toEqual([
    '/payments/pay_9',
    '/accounts/con_1?tab=payments',
  ]);
  expect(rows[1]?.querySelectorAll('a')).toHaveLength(0);
  expect(rows[2]?.textContent).toContain('Payout');
  expect(text('reconcile-todo')).toContain('Of a payout, the bank statement shows another amount');
  await click(button('Show more'));
  expect(sent('GET').at(-1)?.[1]?.params).toEqual({ query: { state: 'amount_differs', cursor: 'next' } });
});

const reconciliation = (state: string) => show('/reconciliation', `/reconciliation?state=${state}`, Reconciliation);
const listed = () => sent('GET').filter(([path]) => path === '/reconciliation').length;

it('a line is ticked off with a note, and the list is looked at anew', async () => {
  await reconciliation('amount_differs');
  await click(button('Tick off'));
  await click(button('Tick off', dialog()));
  expect(dialog().textContent).toContain('Say what was done');
  expect(sent('POST')).toHaveLength(0);
  const before = listed();
  await put(labelled('Note', dialog()), '  left as credit ');
  await click(button('Tick off', dialog()));
  const [path, init] = sent('POST')[0] ?? [];
  expect([path, init?.params, init?.body]).toEqual([
    '/reconciliation/{line_id}/tick',
    { path: { line_id: lines[0]?.line_id } },
    { note: 'left as credit', version: 1 },
  ]);
  expect(init?.headers).toEqual({ 'Idempotency-Key': expect.stringMatching(/./) });
  expect(dialog()).toBeNull();
  expect(text('reconcile-said')).toContain('Ticked off');
  expect(document.activeElement?.closest('[data-testid=reconcile-said]')).not.toBeNull();
  expect(listed()).toBe(before + 1);
});

it('what is done says who did what when, and can be opened again', async () => {
  calls.GET.mockImplementation(async (path: string) =>
    path === '/people/names'
      ? { items: [{ person_id: 'per_9', name: '«colleague»' }] }
      : { items: [{ ...doneLine, done_by: 'per_9' }] },
  );
  await reconciliation('done');
  expect(sent('GET')[0]?.[1]?.params).toEqual({ query: { state: 'done' } });
  const row = text('reconcile-row');
  for (const known of ['Paid twice', '«left as credit»', '«colleague», 22 Nov 2026']) expect(row).toContain(known);
  expect(button('Tick off')).toBeUndefined();
  await click(button('Open again'));
  expect(body('POST')).toEqual({ note: null, version: 7 });
  expect(text('reconcile-said')).toContain('The line is open again.');
});

it('who was slower is told and sees how it stands; another failure stays in the question', async () => {
  await reconciliation('amount_differs');
  await click(button('Tick off'));
  calls.POST.mockRejectedValueOnce(new Problem('unavailable', 503));
  await put(labelled('Note', dialog()), 'sent back');
  await click(button('Tick off', dialog()));
  expect(dialog().querySelector('[data-testid=error-summary]')).not.toBeNull();
  calls.POST.mockRejectedValueOnce(new Problem('conflict', 409));
  await click(button('Tick off', dialog()));
  expect(dialog()).toBeNull();
  expect(text('reconcile-said')).toContain('Somebody has changed this line meanwhile.');
});

it('what is in order needs no tick', async () => {
  calls.GET.mockResolvedValue({ items: [{ ...lines[0], state: 'matched' }], next_cursor: null });
  await reconciliation('matched');
  expect(test('reconcile-row')).not.toBeNull();
  expect(button('Tick off')).toBeUndefined();
});

it('a payout leads to its bank statement, and one that nobody announced to where it is assigned', async () => {
  const links = () =>
    [...root.querySelectorAll('[data-testid=reconcile-row] a')].map((one) => one.getAttribute('href'));
  calls.GET.mockResolvedValue({ items: [lines[2]], next_cursor: null });
  await reconciliation('amount_differs');
  expect(links()).toEqual(['/bank-statements/imp_1']);
  calls.GET.mockResolvedValue({ items: [unexplained], next_cursor: null });
  await reconciliation('missing_here');
  expect(links()).toEqual(['/bank-statements/imp_1', '/unmatched-transfers?transfer_id=trf_1']);
});

it('a transfer that is named is shown at once, alone', async () => {
  await show('/unmatched-transfers', '/unmatched-transfers?transfer_id=trf_1', UnmatchedTransfers);
  expect(sent('GET')[0]?.[1]?.params).toEqual({ query: { transfer_id: 'trf_1' } });
  expect(test('transfer-detail')).not.toBeNull();
  calls.GET.mockResolvedValue({ items: [], next_cursor: null });
  await show('/unmatched-transfers', '/unmatched-transfers?transfer_id=trf_2', UnmatchedTransfers);
  expect(test('transfer-detail')).toBeNull();
  expect(root.querySelector('.empty a[href="/unmatched-transfers"]')).not.toBeNull();
});

// ------------------------------------------------------------------ words
const { schemas } = openapi.components;
const PAYMENTS = schemas.OnlinePaymentResponse.properties.state.enum as OnlinePayment['state'][];

it.each(PAYMENTS)('staff read of another’s payment (%s), its payer of his own', async (state) => {
  const shown = async (payer_id: string) => {
    const payment = { ...refundedPayment, state, payer_id, refunds: [] };
    calls.GET.mockImplementation(async (path: string) =>
      path === '/payments/{payment_id}' ? payment : (staffAnswers[path] ?? answers[path]),
    );
    await show('/payments/:payment_id', '/payments/pay_9', PaymentPage);
    return `${text('payment-state')} ${text('paid-twice')} ${root.querySelector('details')?.textContent}`;
  };
  expect(await shown('per_7')).not.toMatch(/\byou/i);
  const own = await shown('per_1');
  expect(own).toContain('You have paid twice');
  expect(own).toContain(STATE_TEXTS[state]({ provider: 'Stripe', amount: 'PLN 450.00', refunded: 'PLN 100.00' }));
});

it.each(LOCALES)('every state has words of its own: %s', async (language) => {
  locale.value = language;
  const said = (table: Record<string, () => string>, states: string[]) => {
    const words = states.map((state) => table[state]?.().trim());
    expect(words.every(Boolean)).toBe(true);
    expect(new Set(words).size).toBe(states.length);
  };
  said(PAYMENT_STATES, PAYMENTS);
  said(REFUND_STATES, schemas.RefundResponse.properties.state.enum);
  await reconciliation('missing_here');
  const tabs = [...root.querySelectorAll('.tabs:not(.no-print) a')];
  const query = openapi.paths['/reconciliation'].get.parameters.find(({ name }) => name === 'state');
  expect(tabs.map((one) => one.getAttribute('href')).toSorted()).toEqual(
    query?.schema.enum?.map((state) => `/reconciliation?state=${state}`).toSorted(),
  );
  expect(new Set(tabs.map((one) => one.textContent?.trim()).filter(Boolean)).size).toBe(tabs.length);
});

it('the home of staff counts what others asked for, and what was paid twice', async () => {
  const own = { ...refund, refund_id: 'rfd_5', asked_by: 'per_1' };
  let waiting = [refund, own];
  let sending: ListedRefund[] = [];
  calls.GET.mockImplementation(async (path: string, init?: { params: { query: { state: string } } }) => {
    if (path !== '/refunds') return staffAnswers[path] ?? answers[path];
    return { items: init?.params.query.state === 'confirmed' ? sending : waiting, next_cursor: null };
  });
  await show('/', '/', StaffTasks);
  expect(text('task-refunds')).toContain('1 refund waits for your confirmation');
  expect(text('task-twice')).toContain('5 payments were made twice');
  expect(test('task-twice')?.querySelector('a')?.getAttribute('href')).toBe('/reconciliation?state=paid_twice');
  expect(test('task-stuck')).toBeNull();
  waiting = [own];
  sending = [{ ...refund, state: 'confirmed', code: 'provider_unavailable' }];
  await show('/', '/', StaffTasks);
  expect(test('task-refunds')).toBeNull();
  expect(test('task-stuck')?.querySelector('a')?.getAttribute('href')).toBe('/refunds?state=confirmed');
});
