import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';

/** Refusals about refunds and providers that only staff meet; learnt with their pages. */
export const STAFF_PAYMENT_TEXTS: Record<string, () => string> = {
  already_asked: m.refund_code_already_asked,
  invalid_provider_setting: m.provider_code_setting,
  not_refundable: m.refund_code_not_refundable,
  refund_decided: m.refund_code_decided,
  second_look_needed: m.refund_code_second,
};

Object.assign(ERROR_TEXTS, STAFF_PAYMENT_TEXTS);
