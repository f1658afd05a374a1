import { m } from '../../paraglide/messages.js';
import { type Errors, Field } from '../../ui/form';

export interface DeviceValues {
  digits: string;
  decimals: string;
  registers: string;
  multiplier: string;
  max_flow: string;
}

export const NEW_DEVICE: DeviceValues = { digits: '5', decimals: '3', registers: '1', multiplier: '1', max_flow: '' };

const FACTOR = /^\d{1,6}([.,]\d{1,3})?$/;
const MOST_DIGITS = 12;
const MOST_DECIMALS = 6;

const within = (text: string, least: number, most: number) =>
  /^\d{1,2}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;

export function checkDevice(values: DeviceValues, wrong: Errors): void {
  if (!within(values.digits, 1, MOST_DIGITS)) wrong.digits = m.field_out_of_range;
  if (!within(values.decimals, 0, MOST_DECIMALS)) wrong.decimals = m.field_out_of_range;
  if (!FACTOR.test(values.multiplier.trim())) wrong.multiplier = m.field_invalid;
  if (values.max_flow.trim() && !FACTOR.test(values.max_flow.trim())) wrong.max_flow = m.field_invalid;
}

/** The counter as a request names it. */
export function deviceFrom(values: DeviceValues) {
  const plain = (text: string) => text.trim().replace(',', '.');
  return {
    digits: Number(values.digits),
    decimals: Number(values.decimals),
    registers: Number(values.registers),
    multiplier: plain(values.multiplier),
    ...(values.max_flow.trim() && { max_flow: plain(values.max_flow) }),
  };
}

const REGISTERS = ['1', '2', '3', '4'];

/** What kind of counter it is; lives in a form that has these values. */
export function DeviceFields() {
  return (
    <fieldset class="plain-group">
      <legend class="legend">{m.reading_device()}</legend>
      <div class="fields fields-two">
        <Field name="digits" label={m.reading_device_digits()} inputMode="numeric" width="short" />
        <Field name="decimals" label={m.reading_device_decimals()} inputMode="numeric" width="short" />
        <Field
          name="registers"
          label={m.reading_device_registers()}
          options={REGISTERS.map((value) => ({ value, label: value }))}
          width="short"
        />
        <Field
          name="multiplier"
          label={m.reading_device_multiplier()}
          hint={m.reading_device_multiplier_hint()}
          inputMode="decimal"
          width="short"
        />
      </div>
      <Field
        name="max_flow"
        label={m.reading_device_flow()}
        hint={m.reading_device_flow_hint()}
        inputMode="decimal"
        width="short"
        optional
      />
    </fieldset>
  );
}
