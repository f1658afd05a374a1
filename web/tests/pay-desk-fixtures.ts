import type * as wire from '../src/api/types';

const instant = '2026-11-22T08:00:00Z';

/** Asked for by a colleague (`per_2`); whoever looks is `per_1`. */
export const refund: wire.ListedRefund = {
  refund_id: 'rfd_1',
  payment_id: 'pay_9',
  contract_id: 'con_1',
  provider: 'stripe',
  currency: 'PLN',
  amount: 12000,
  reason: '«reason»',
  state: 'asked',
  asked_by: 'per_2',
  asked_at: instant,
  decided_by: null,
  decided_at: null,
  code: null,
};

const line: wire.ReconciliationLine = {
  line_id: 'bGluZQ',
  version: 1,
  kind: 'payment',
  state: 'amount_differs',
  provider: 'autopay',
  day: '2026-11-21',
  payment_id: 'pay_9',
  contract_id: 'con_1',
  reference: '«pay-9»',
  transaction_id: '«9IA2UISN»',
  expected: 45450,
  found: 45000,
  fee: null,
  transfer_id: null,
  import_id: null,
  currency: 'PLN',
  note: null,
  done_by: null,
  done_at: null,
};

const payout: wire.ReconciliationLine = {
  ...line,
  line_id: 'bGluZTM',
  kind: 'payout',
  reference: '',
  fee: 120,
  expected: 45000,
  payment_id: null,
  contract_id: null,
  transfer_id: 'trf_1',
  import_id: 'imp_1',
};

/** A transfer of a provider that no payout explains. */
export const unexplained: wire.ReconciliationLine = {
  ...payout,
  line_id: 'bGluZTQ',
  state: 'missing_here',
  fee: null,
  expected: null,
};

/** A line that a colleague (`per_8`) has dealt with. */
export const doneLine: wire.ReconciliationLine = {
  ...line,
  line_id: 'bGluZTU',
  state: 'paid_twice',
  version: 7,
  note: '«left as credit»',
  done_by: 'per_8',
  done_at: instant,
};

export const lines: wire.ReconciliationLine[] = [
  line,
  { ...line, line_id: 'bGluZTI', transaction_id: '«other»', payment_id: null, contract_id: null, expected: null },
  payout,
  unexplained,
  doneLine,
];

const field = (name: string, more: Partial<wire.PaymentProvider['fields'][number]> = {}) => ({
  name,
  secret: false,
  required: true,
  default: '',
  pattern: '[\\x21-\\x7e«»]{1,200}',
  ...more,
});

/** Everything is set, and two generations of its secrets are live. */
export const autopay: wire.PaymentProvider = {
  provider: 'autopay',
  enabled: true,
  part_payment: false,
  currencies: ['«PLN»'],
  fields: [
    field('service_id', { pattern: '[0-9]{1,10}' }),
    field('key', { secret: true }),
    field('algorithm', { default: '«sha256»', pattern: '«sha256»|«sha512»' }),
    field('host', { default: '«https://pay.autopay.eu»' }),
  ],
  settings: { service_id: '903001' },
  secrets_set: ['key'],
  former_secret_lives: true,
  refused: 2,
  fee: { kind: 'payer', fixed: 100, basis_points: 190, most: 1000 },
  webhook_url: 'https://portal.example/api/payments/webhooks/autopay/org_1',
  version: 3,
};

/** Nothing is set. */
export const stripe: wire.PaymentProvider = {
  ...autopay,
  provider: 'stripe',
  enabled: false,
  currencies: ['«EUR»', '«PLN»'],
  fields: [
    field('api_key', { secret: true }),
    field('webhook_secret', { secret: true }),
    field('livemode', { required: false, pattern: 'true|false' }),
    field('tolerance', { default: '300', pattern: '[0-9]{1,4}' }),
  ],
  settings: {},
  secrets_set: [],
  former_secret_lives: false,
  refused: 0,
  fee: { kind: 'none', fixed: 0, basis_points: 0, most: null },
  version: 0,
};

/** A payment that was made twice, with refunds in every state. */
export const refundedPayment: wire.OnlinePayment = {
  payment_id: '«pay_9»',
  contract_id: 'con_1',
  payer_id: null,
  provider: 'stripe',
  state: 'part_refunded',
  amount: 45000,
  fee: 0,
  currency: 'PLN',
  charge_ids: ['chg_1'],
  created_at: instant,
  expires_at: instant,
  settled_on: '2026-11-22',
  refunded: 10000,
  double_payment_ids: ['pay_10'],
  double_of: [],
  doubled: 0,
  redirect: null,
  detail: '«code»',
  refunds: [
    { ...refund, refund_id: 'rfd_0', state: 'sent', amount: 10000, decided_by: 'per_3', decided_at: instant },
    { ...refund, refund_id: 'rfd_2', state: 'rejected', decided_by: 'per_3', decided_at: instant },
    { ...refund, refund_id: 'rfd_3', state: 'rejected', decided_by: 'per_2', decided_at: instant },
    {
      ...refund,
      refund_id: 'rfd_4',
      state: 'failed',
      decided_by: 'per_3',
      decided_at: instant,
      code: 'charge_disputed',
    },
    refund,
  ],
};

/** What staff and administrators are answered about online payments. */
export const payDeskAnswers: Record<string, unknown> = {
  '/refunds': { items: [refund], next_cursor: 'next' },
  '/reconciliation': { items: lines, next_cursor: 'next' },
  '/payments/{payment_id}': refundedPayment,
  '/payment-providers': { providers: [autopay, stripe] },
};
