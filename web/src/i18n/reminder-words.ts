import { m } from '../paraglide/messages.js';
import { FIELD_TEXTS } from './codes';

interface Words {
  title: () => string;
  /** The kind of message that tells it. */
  kind: string;
  /** Whether its days are counted after the day that it is about. */
  after?: true;
  hint?: () => string;
}

/** What people are reminded of, by the name of its list of days on the wire. */
export const STAGES: Record<string, Words> = {
  due: { title: m.reminder_due, kind: 'payment_due' },
  overdue: { title: m.reminder_overdue, kind: 'payment_overdue', after: true },
  ending: { title: m.reminder_ending, kind: 'contract_ending' },
  closing: { title: m.reminder_closing, kind: 'window_closing', hint: m.reminder_closing_hint },
  verification: {
    title: m.reminder_verification,
    kind: 'staff_verification_expiring',
    hint: m.reminder_verification_hint,
  },
};

/** Days as they are lived through: the earliest first, none of them twice. */
function inOrder(name: string, days: readonly number[]): number[] {
  const early = [...new Set(days)].sort((one, other) => one - other);
  return STAGES[name]?.after ? early : early.reverse();
}

/** When people are told, in words. */
export function stagesText(name: string, days: readonly number[]): string {
  const one = (count: number) => {
    if (STAGES[name]?.after) return m.reminder_after({ count });
    return count === 0 ? m.reminder_on_day() : m.reminder_before({ count });
  };
  return inOrder(name, days).map(one).join(', ') || m.reminder_nobody();
}

// Bounds are the server's; here they are named, for they differ from list to list.
Object.assign(FIELD_TEXTS, {
  less_than_equal: ({ le }: Record<string, unknown>) => m.field_at_most({ most: String(le) }),
  greater_than_equal: ({ ge }: Record<string, unknown>) => m.field_at_least({ least: String(ge) }),
  too_long: ({ max_length }: Record<string, unknown>) => m.field_too_many({ count: Number(max_length) }),
});
