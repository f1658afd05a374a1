import type { Finding, HeldReading } from '../api/types';
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

/** How a reading came. */
export const READING_CHANNELS: Record<HeldReading['channel'], () => string> = {
  portal: m.reading_by_portal,
  staff: m.reading_by_staff,
  file: m.reading_by_file,
  api: m.reading_by_api,
  remote: m.reading_by_remote,
};

/** What an estimate is made of. */
export const METHODS: Record<string, () => string> = {
  season: m.reading_method_season,
  last_period: m.reading_method_last_period,
  last_months: m.reading_method_last_months,
  norm: m.reading_method_norm,
};

/** From where on a reading is questioned, by the names of the wire. */
export const THRESHOLDS: Record<string, () => string> = {
  high_percent: m.reading_rule_high,
  hold_percent: m.reading_rule_hold,
  low_percent: m.reading_rule_low,
  rollover_percent: m.reading_rule_rollover,
  recent_min: m.reading_rule_recent,
  high_min_days: m.reading_rule_high_days,
  low_min_days: m.reading_rule_low_days,
  idle_months: m.reading_rule_idle,
  season_shares: m.reading_rule_season,
  verification_expired: m.reading_rule_expired,
  outside_window: m.reading_rule_window,
  photo_on_confirmation: m.reading_rule_photo,
  sum_tolerance_percent: m.reading_rule_tolerance,
  sum_loss_percent: m.reading_rule_loss,
  floor: m.reading_rule_floor,
  first_daily_max: m.reading_rule_first,
};
