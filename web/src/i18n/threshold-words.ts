import { m } from '../paraglide/messages.js';
import { locale } from './locale';

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

const ORIGINS: [RegExp, () => string][] = [
  [/^Ours\b/, m.reading_source_ours],
  [/^Pipeline of this portal\b/, m.reading_source_rule],
  [/^Practice\b/, m.reading_source_practice],
];
/** What bears the same name in every language. */
const NAMED = /Elexon BSCP\d+|VDI \d+|California Civil Code [\d.]+/;

/** Where a limit or a way of estimating comes from. The data tell it in English: other languages say what kind of source it is, or its name. */
export function sourceText(source: string): string {
  if (locale.value === 'en') return source;
  const origin = ORIGINS.find(([begin]) => begin.test(source));
  return origin ? origin[1]() : (NAMED.exec(source)?.[0] ?? source);
}
