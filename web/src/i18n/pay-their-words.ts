import type { OnlinePayment } from '../api/types';
import { m } from '../paraglide/messages.js';
import { STATE_TEXTS } from './pay-words';

/** What a state means, said to others than the payer: staff, and the rest of the household. */
export const THEIR_STATE_TEXTS: Record<OnlinePayment['state'], (typeof STATE_TEXTS)['started']> = {
  started: m.pay_their_started,
  pending: m.pay_their_pending,
  settled: m.pay_their_settled,
  part_refunded: STATE_TEXTS.part_refunded,
  refunded: STATE_TEXTS.refunded,
  disputed: m.pay_their_disputed,
  failed: m.pay_their_failed,
  expired: m.pay_their_expired,
  cancelled: m.pay_their_cancelled,
};
