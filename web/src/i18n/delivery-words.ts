import { m } from '../paraglide/messages.js';

/** What became of a try to send something. */
export const DELIVERY_STATES: Record<string, () => string> = {
  trying: m.notify_state_trying,
  sent: m.notify_state_sent,
  delivered: m.notify_state_delivered,
  read: m.notify_state_read,
  again: m.notify_state_again,
  failed: m.notify_state_failed,
  gone: m.notify_state_gone,
  refused: m.notify_state_refused,
  unsure: m.notify_state_unsure,
};

export const deliveryState = (state: string): string => DELIVERY_STATES[state]?.() ?? state;
