/** The values of thresholds, between the wire and what people type. */

export type ThresholdKind = 'whole' | 'use' | 'policy' | 'flag' | 'list';

/** What sort of value it is, told by the default: new thresholds of the server are shown without the site knowing them. */
export function kindOf(value: unknown): ThresholdKind {
  if (typeof value === 'boolean') return 'flag';
  if (typeof value === 'number') return 'whole';
  if (Array.isArray(value)) return 'list';
  return value === 'reject' || value === 'warn' ? 'policy' : 'use';
}

/** A value as it stands in a field; nothing for what is not set. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What was typed as a value of the wire; null: it is none of this sort. */
export function fromText(typed: string, kind: ThresholdKind): unknown {
  const text = typed.trim();
  if (kind === 'policy') return text;
  if (kind === 'flag') return text === 'true';
  if (kind === 'whole') return /^\d{1,6}$/.test(text) ? Number(text) : null;
  if (kind === 'use') return /^\d{1,9}([.,]\d{1,6})?$/.test(text) && /[1-9]/.test(text) ? text.replace(',', '.') : null;
  const numbers = text.split(/[\s,;]+/).filter(Boolean);
  return numbers.every((one) => /^\d{1,6}$/.test(one)) ? numbers.map(Number) : null;
}

const MONTHS = 12;

/** Whether a list of months names only months, and one of shares all twelve. */
export function fits(name: string, value: unknown): boolean {
  if (!Array.isArray(value)) return true;
  if (name === 'idle_months') return value.every((month) => month >= 1 && month <= MONTHS);
  return value.length === 0 || (value.length === MONTHS && value.some(Boolean));
}

/** Names of percentages that contradict each other: held only above what is questioned, low only below it. */
export function contradictions(values: Record<string, unknown>): string[] {
  const { high_percent: high, hold_percent: hold, low_percent: low } = values as Record<string, number>;
  if (high === undefined) return [];
  return [
    hold !== undefined && hold < high && 'hold_percent',
    low !== undefined && low >= high && 'low_percent',
  ].filter((name) => name !== false);
}
