import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';

/** Refusals of files that are checked. They are learnt with the pages that send such files. */
export const UPLOAD_TEXTS: Record<string, () => string> = {
  upload_check_failed: m.code_upload_check_failed,
  upload_content_refused: m.code_upload_content_refused,
  upload_damaged: m.code_upload_damaged,
  upload_empty: m.code_upload_empty,
  upload_infected: m.code_upload_infected,
  upload_not_ready: m.code_upload_not_ready,
  upload_refused: m.code_upload_refused,
  upload_too_many_pixels: m.code_upload_too_many_pixels,
};

Object.assign(ERROR_TEXTS, UPLOAD_TEXTS);
