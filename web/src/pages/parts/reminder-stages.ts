import type { ReminderPolicy } from '../../api/types';

/** The lists of days that a policy has, by their names on the wire. */
export const stagesOf = (policy: ReminderPolicy): [name: string, days: number[]][] =>
  Object.entries(policy).filter((entry): entry is [string, number[]] => Array.isArray(entry[1]));

/** What is typed as days ("7, 3, 0"); null where that are none. */
export function daysOf(typed: string): number[] | null {
  const parts = typed.split(/[\s,;]+/).filter(Boolean);
  return parts.every((part) => /^\d{1,6}$/.test(part)) ? parts.map(Number) : null;
}
