import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import type { Meter } from '../api/types';
import { date as dateText, today } from '../i18n/format';
import { counters } from '../i18n/meter-words';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { type Errors, Field, Form, Submit, useForm } from '../ui/form';
import { Notice } from '../ui/notice';
import { checkDevice, DeviceFields, type DeviceValues, deviceFrom } from './parts/device-fields';
import { MeterStaffPage } from './parts/meter-staff-page';
import { photoKey, usePhoto } from './parts/meter-staff-photo';
import { checkValues, filled, valueLabel, valueNames, valuesFrom, zeros } from './parts/meter-values';
import '../styles/desk.css';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Another counter was put in a meter's place. `reading` in the address is one that waits for this. */
export default function MeterStaffReplace() {
  const meter_id = useRoute().params.meter_id ?? '';
  return (
    <MeterStaffPage meter_id={meter_id} title={m.reading_replace_title()}>
      {(meter) => <Replacement meter={meter} />}
    </MeterStaffPage>
  );
}

interface Values extends DeviceValues {
  [name: string]: string;
  date: string;
  number: string;
  same: string;
  verified_until: string;
  seal: string;
}

function Replacement({ meter }: { meter: Meter }) {
  const { query, route } = useLocation();
  const { device, last } = meter;
  const now = today(currentMe().organisation.time_zone);
  const photos = usePhoto();
  const form = useForm<Values>(
    {
      ...filled('closing', device.registers, last?.values ?? []),
      ...filled('opening', 4, zeros(device)),
      date: DAY.test(query.date ?? '') ? (query.date ?? '') : now,
      number: '',
      same: 'yes',
      digits: String(device.digits),
      decimals: String(device.decimals),
      registers: String(device.registers),
      multiplier: device.multiplier,
      max_flow: device.max_flow ?? '',
      verified_until: '',
      seal: '',
    },
    {
      check: (values) => {
        const wrong: Errors = {};
        if (!values.date) wrong.date = m.field_invalid_date;
        checkValues(values, 'closing', device.registers, wrong);
        if (!values.number.trim()) wrong.number = m.field_missing;
        if (values.same === 'no') checkDevice(values, wrong);
        checkValues(values, 'opening', registersOf(values), wrong);
        return wrong;
      },
      send: async (values, key) => {
        const photo = await photos.sent();
        await unwrap(
          api.POST('/meters/{meter_id}/replacement', {
            params: { path: { meter_id: meter.meter_id } },
            headers: { 'Idempotency-Key': `${key}${photoKey(photo)}` },
            body: {
              date: values.date,
              closing: valuesFrom(values, 'closing', device.registers),
              opening: valuesFrom(values, 'opening', registersOf(values)),
              number: values.number.trim(),
              ...(values.same === 'no' && { device: deviceFrom(values) }),
              ...(values.verified_until && { verified_until: values.verified_until }),
              ...(values.seal.trim() && { seal: values.seal.trim() }),
              ...(photo && { photo }),
            },
          }),
        );
        route(query.reading ? `/held-readings?reading=${query.reading}` : `/meters/${meter.meter_id}`);
      },
      fields: { closing: 'closing0', opening: 'opening0' },
    },
  );
  const registersOf = (values: Values) => (values.same === 'no' ? Number(values.registers) : device.registers);
  const registers = registersOf(form.values);
  return (
    <>
      {query.reading && (
        <Notice title={m.reading_replace_held()}>
          <p>{m.reading_replace_held_text()}</p>
        </Notice>
      )}
      <Form form={form}>
        <Field name="date" label={m.reading_replace_day()} type="date" max={now} width="medium" />
        {valueNames('closing', device.registers).map((name, index) => (
          <Field
            key={name}
            name={name}
            label={valueLabel(m.reading_closing(), index, device.registers)}
            hint={last && m.reading_closing_hint({ value: counters(last.values), date: dateText(last.date) })}
            inputMode="decimal"
            width="medium"
          />
        ))}
        <Field name="number" label={m.reading_new_number()} width="medium" />
        {valueNames('opening', registers).map((name, index) => (
          <Field
            key={name}
            name={name}
            label={valueLabel(m.reading_opening(), index, registers)}
            inputMode="decimal"
            width="medium"
          />
        ))}
        <Field
          name="same"
          label={m.reading_same_kind()}
          options={[
            { value: 'yes', label: m.reading_yes() },
            { value: 'no', label: m.reading_no() },
          ]}
          width="short"
        />
        {form.values.same === 'no' && <DeviceFields />}
        <Field name="verified_until" label={m.reading_verified_until()} type="date" width="medium" optional />
        <Field name="seal" label={m.reading_seal()} width="medium" optional />
        {photos.field}
        <div class="form-actions">
          <Submit busy={form.busy}>{m.reading_replace_action()}</Submit>
          <a class="button" href={`/meters/${meter.meter_id}`}>
            {m.cancel_action()}
          </a>
        </div>
      </Form>
    </>
  );
}
