import type { Finding } from '../api/types';
import { m } from '../paraglide/messages.js';

/** What a check is about, in two or three words. */
export const CHECKS: Record<Finding['code'], () => string> = {
  FORMAT: m.reading_check_format,
  FUTURE: m.reading_check_future,
  BEFORE_INSTALL: m.reading_check_before_install,
  ARCHIVED: m.reading_check_archived,
  VERIFICATION_EXPIRED: m.reading_check_expired,
  WINDOW: m.reading_check_window,
  REGISTERS: m.reading_check_registers,
  DUPLICATE: m.reading_check_duplicate,
  DECREASE: m.reading_check_decrease,
  ROLLOVER: m.reading_check_rollover,
  TRANSPOSED: m.reading_check_transposed,
  HIGH: m.reading_check_high,
  LOW: m.reading_check_low,
  ZERO: m.reading_check_zero,
  DEEMED_TRUEUP: m.reading_check_trueup,
  SUM: m.reading_check_sum,
  PHYSICAL: m.reading_check_physical,
};
