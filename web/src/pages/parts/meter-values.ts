import type { Meter } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import type { Errors } from '../../ui/form';

/** Names of the fields of a counter's registers: `closing0`, `closing1`. */
export const valueNames = (prefix: string, registers: number): string[] =>
  Array.from({ length: registers }, (_, index) => `${prefix}${index}`);

/** Values of registers from a form, as they are sent. */
export const valuesFrom = (values: Record<string, string>, prefix: string, registers: number): string[] =>
  valueNames(prefix, registers).map((name) => (values[name] ?? '').trim());

export const valueLabel = (label: string, index: number, registers: number): string =>
  registers > 1 ? `${label} (${m.meter_register({ number: index + 1 })})` : label;

/** What a counter shows when it is new. */
export function zeros({ digits, decimals }: { digits: number; decimals: number }): string {
  return '0'.repeat(digits) + (decimals > 0 ? `.${'0'.repeat(decimals)}` : '');
}

const VALUE = /^\d{1,12}([.,]\d{1,6})?$/;

/** Marks values that are none; what fits the counter the server knows. */
export function checkValues(values: Record<string, string>, prefix: string, registers: number, wrong: Errors): void {
  for (const name of valueNames(prefix, registers)) {
    if (!(values[name] ?? '').trim()) wrong[name] = m.field_missing;
    else if (!VALUE.test((values[name] ?? '').trim())) wrong[name] = m.field_invalid;
  }
}

/** Fields of one name for each register, filled with what is given. */
export function filled(prefix: string, registers: number, given: readonly string[] | string): Record<string, string> {
  return Object.fromEntries(
    valueNames(prefix, registers).map((name, index) => [
      name,
      typeof given === 'string' ? given : (given[index] ?? ''),
    ]),
  );
}

/** The device of a meter as a request names it. */
export const deviceOf = ({ device }: Meter) => ({
  digits: device.digits,
  decimals: device.decimals,
  registers: device.registers,
  multiplier: device.multiplier,
  max_flow: device.max_flow,
});
