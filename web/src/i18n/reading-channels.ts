import type { HeldReading } from '../api/types';
import { m } from '../paraglide/messages.js';

/** How a reading came. */
export const READING_CHANNELS: Record<HeldReading['channel'], () => string> = {
  portal: m.reading_by_portal,
  staff: m.reading_by_staff,
  file: m.reading_by_file,
  api: m.reading_by_api,
  remote: m.reading_by_remote,
};
