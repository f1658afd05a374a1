import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';

/** Refusals of notifications. They are learnt when a page of wishes or channels is opened: the first screen does without them. */
export const NOTICE_TEXTS: Record<string, () => string> = {
  address_missing: m.code_address_missing,
  cannot_be_muted: m.code_cannot_be_muted,
  channel_not_offered: m.code_channel_not_offered,
  channel_unavailable: m.code_channel_unavailable,
  invalid_address: m.code_invalid_address,
  invalid_channel_setting: m.code_invalid_channel_setting,
  nobody_there: m.code_nobody_there,
  own_language_missing: m.code_own_language_missing,
  too_many_codes: m.code_too_many_codes,
  unknown_kind: m.code_unknown_kind,
  unknown_time_zone: m.code_unknown_time_zone,
  wrong_link_code: m.code_wrong_link_code,
};

Object.assign(ERROR_TEXTS, NOTICE_TEXTS);
