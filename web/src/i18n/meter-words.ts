import type { MeterItem, StreamEntry } from '../api/types';
import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';
import { number, tag } from './format';

type Words<Code extends string> = Record<Code, () => string>;

export type Medium = MeterItem['medium'];

/** In the order in which they stand on a page. */
export const MEDIA: Words<Medium> = {
  cold_water: m.meter_cold_water,
  hot_water: m.meter_hot_water,
  heat: m.meter_heat,
  heat_cost_allocator: m.meter_allocator,
  gas: m.meter_gas,
  electricity: m.meter_electricity,
};

export const READING_STATUS: Words<Exclude<StreamEntry['status'], 'submitted'>> = {
  accepted: m.meter_status_accepted,
  held: m.meter_status_held,
  rejected: m.meter_status_rejected,
  superseded: m.meter_status_superseded,
};

/** Refusals of readings, learnt when a page of meters is opened. */
export const READING_TEXTS: Record<string, () => string> = {
  invalid_period: m.meter_code_period,
  meter_removed: m.meter_code_removed,
  reading_questioned: m.meter_code_questioned,
  reading_rejected: m.meter_code_rejected,
  too_far_back: m.meter_code_too_far_back,
  unknown_meter: m.meter_code_unknown,
  unknown_reading: m.meter_code_unknown_reading,
};

Object.assign(ERROR_TEXTS, READING_TEXTS);

/** Something already written, in the unit of its medium. */
export function withUnit(value: string, unit: string): string {
  if (unit === 'm3') return m.meter_in_m3({ value });
  return unit === 'kWh' ? m.meter_in_kwh({ value }) : m.meter_in_units({ value });
}

/** The unit alone. */
export const unitName = (unit: string): string => withUnit('', unit).trim();

/** A use in its unit, every digit of it: "4.25 m³". */
export const measured = (use: string | number, unit: string): string => withUnit(number(use), unit);

/** A use as one says it: "0.43 m³", "12.5 m³". */
export const about = (use: string | number, unit: string): string => withUnit(roundly(Number(use)), unit);

/** A number with as many digits as a person listens to. */
export function roundly(value: number): string {
  const digits: Intl.NumberFormatOptions =
    Math.abs(value) < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 };
  return new Intl.NumberFormat(tag(), digits).format(value);
}

/** The reader's sign between whole digits and the others. */
export function decimalSign(): string {
  return new Intl.NumberFormat(tag()).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
}

/** A value as it stands on the counter, with the reader's decimal sign: "00412,350". */
export const counter = (value: string): string => value.replace('.', decimalSign());

/** The values of all registers of a counter. */
export const counters = (values: readonly string[]): string => values.map(counter).join(' · ');
