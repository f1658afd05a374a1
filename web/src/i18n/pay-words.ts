import type { OnlinePayment } from '../api/types';
import { m } from '../paraglide/messages.js';

export type Provider = OnlinePayment['provider'];

/** What providers call themselves; shown inside of texts. */
export const PROVIDER_NAMES: Record<Provider, string> = {
  autopay: 'Autopay',
  gocardless: 'GoCardless',
  liqpay: 'LiqPay',
  przelewy24: 'Przelewy24',
  stripe: 'Stripe',
  vipps: 'Vipps',
};

/** What one pays with there. */
export const PROVIDER_WAYS: Record<Provider, () => string> = {
  autopay: m.pay_by_autopay,
  gocardless: m.pay_by_gocardless,
  liqpay: m.pay_by_liqpay,
  przelewy24: m.pay_by_przelewy24,
  stripe: m.pay_by_stripe,
  vipps: m.pay_by_vipps,
};

/** How an online payment stands, in a word or two. */
export const PAYMENT_STATES: Record<OnlinePayment['state'], () => string> = {
  started: m.pay_state_started,
  pending: m.pay_state_pending,
  settled: m.pay_state_settled,
  part_refunded: m.pay_state_part_refunded,
  refunded: m.pay_state_refunded,
  disputed: m.pay_state_disputed,
  failed: m.pay_state_failed,
  expired: m.pay_state_expired,
  cancelled: m.pay_state_cancelled,
};

interface Said {
  provider: string;
  amount: string;
  refunded: string;
}

/** What a state means for the payer, and what comes next. */
export const STATE_TEXTS: Record<OnlinePayment['state'], (said: Said) => string> = {
  started: m.pay_text_started,
  pending: m.pay_text_pending,
  settled: m.pay_text_settled,
  part_refunded: m.pay_text_refunded,
  refunded: m.pay_text_refunded,
  disputed: m.pay_text_disputed,
  failed: m.pay_text_failed,
  expired: m.pay_text_expired,
  cancelled: m.pay_text_cancelled,
};

/** What the colour of a state repeats. */
export const STATE_KINDS = {
  started: 'plain',
  pending: 'part',
  settled: 'good',
  part_refunded: 'part',
  refunded: 'off',
  disputed: 'bad',
  failed: 'off',
  expired: 'off',
  cancelled: 'off',
} as const;
