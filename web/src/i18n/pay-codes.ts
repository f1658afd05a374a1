import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';

/** Refusals that a payer may meet, each with what to do next; learnt with the pages of payments. */
export const PAY_TEXTS: Record<string, () => string> = {
  amount_not_open: m.pay_code_amount_not_open,
  amount_out_of_range: m.pay_code_amount_out_of_range,
  charge_not_open: m.pay_code_charge_not_open,
  currency_not_taken: m.pay_code_currency_not_taken,
  email_needed: m.pay_code_email_needed,
  nothing_due: m.pay_code_nothing_due,
  payment_under_way: m.pay_code_payment_under_way,
  provider_refused: m.pay_code_provider_refused,
  provider_unavailable: m.pay_code_provider_unavailable,
  provider_unusable: m.pay_code_provider_unusable,
  too_many_under_way: m.pay_code_too_many_under_way,
};

Object.assign(ERROR_TEXTS, PAY_TEXTS);
