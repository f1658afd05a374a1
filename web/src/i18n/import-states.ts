import { m } from '../paraglide/messages.js';

/** How far an imported file is. */
export const IMPORT_STATES: Record<'queued' | 'running' | 'done' | 'failed', () => string> = {
  queued: m.import_queued,
  running: m.import_running,
  done: m.import_done,
  failed: m.import_failed,
};
