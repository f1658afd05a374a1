import { m } from '../paraglide/messages.js';

/** What can be refused with one click, as it is called. */
export const REFUSABLE: Record<string, () => string> = {
  payment_due: m.notify_kind_payment_due,
  window_opened: m.notify_kind_window_opened,
  window_closing: m.notify_kind_window_closing,
  newsletter: m.notify_kind_news,
  staff_unmatched: m.notify_kind_staff_unmatched,
  staff_payment_refunded: m.notify_kind_staff_payment_refunded,
  staff_payment_doubled: m.notify_kind_staff_payment_doubled,
  staff_ticket_overdue: m.notify_kind_staff_ticket_overdue,
  staff_reading_held: m.notify_kind_staff_reading_held,
  staff_verification_expiring: m.notify_kind_staff_verification_expiring,
  staff_channel_failed: m.notify_kind_staff_channel_failed,
  staff_unreached: m.notify_kind_staff_unreached,
  staff_more_unreached: m.notify_kind_staff_more_unreached,
};

export const kindName = (kind: string): string => (REFUSABLE[kind] ?? m.notify_kind_other)();
