import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import type { Meter } from '../api/types';
import { today } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { type Errors, Field, Form, Submit, useForm } from '../ui/form';
import { Notice } from '../ui/notice';
import { MeterStaffPage } from './parts/meter-staff-page';
import { checkValues, filled, valueLabel, valueNames, valuesFrom } from './parts/meter-values';

type Kind = 'verified' | 'sealed' | 'removed';

/** A meter was verified, sealed or taken out. */
export default function MeterStaffNote() {
  const meter_id = useRoute().params.meter_id ?? '';
  return (
    <MeterStaffPage meter_id={meter_id} title={m.reading_note_title()}>
      {(meter) => <Note meter={meter} />}
    </MeterStaffPage>
  );
}

interface Values {
  [name: string]: string;
  kind: string;
  date: string;
  verified_until: string;
  seal: string;
}

function Note({ meter }: { meter: Meter }) {
  const { query, route } = useLocation();
  const { registers } = meter.device;
  const now = today(currentMe().organisation.time_zone);
  const asked = query.kind ?? '';
  const form = useForm<Values>(
    {
      kind: ['verified', 'sealed', 'removed'].includes(asked) ? asked : 'verified',
      date: now,
      verified_until: '',
      seal: meter.seal,
      ...filled('closing', registers, meter.last?.values ?? []),
    },
    {
      check: (values) => {
        const wrong: Errors = {};
        if (!values.date) wrong.date = m.field_invalid_date;
        if (values.kind === 'verified' && !values.verified_until) wrong.verified_until = m.field_invalid_date;
        if (values.kind === 'sealed' && !values.seal.trim()) wrong.seal = m.field_missing;
        if (values.kind === 'removed') checkValues(values, 'closing', registers, wrong);
        return wrong;
      },
      send: async (values, key) => {
        const kind = values.kind as Kind;
        await unwrap(
          api.POST('/meters/{meter_id}/events', {
            params: { path: { meter_id: meter.meter_id } },
            headers: { 'Idempotency-Key': key },
            body: {
              kind,
              date: values.date,
              ...(kind === 'verified' && { verified_until: values.verified_until }),
              ...(kind === 'sealed' && { seal: values.seal.trim() }),
              ...(kind === 'removed' && { closing: valuesFrom(values, 'closing', registers) }),
            },
          }),
        );
        route(`/meters/${meter.meter_id}`);
      },
      fields: { closing: 'closing0' },
    },
  );
  const { kind } = form.values;
  return (
    <Form form={form}>
      <Field
        name="kind"
        label={m.reading_note_what()}
        options={[
          { value: 'verified', label: m.reading_kind_verified() },
          { value: 'sealed', label: m.reading_kind_sealed() },
          { value: 'removed', label: m.reading_kind_removed() },
        ]}
        width="medium"
      />
      <Field name="date" label={m.reading_day()} type="date" max={now} width="medium" />
      {kind === 'verified' && (
        <Field name="verified_until" label={m.reading_verified_until()} type="date" width="medium" />
      )}
      {kind === 'sealed' && <Field name="seal" label={m.reading_seal()} width="medium" />}
      {kind === 'removed' && (
        <>
          <Notice kind="warning" title={m.reading_note_removed()} />
          {valueNames('closing', registers).map((name, index) => (
            <Field
              key={name}
              name={name}
              label={valueLabel(m.reading_closing(), index, registers)}
              inputMode="decimal"
              width="medium"
            />
          ))}
        </>
      )}
      <div class="form-actions">
        <Submit busy={form.busy}>{m.save_action()}</Submit>
        <a class="button" href={`/meters/${meter.meter_id}`}>
          {m.cancel_action()}
        </a>
      </div>
    </Form>
  );
}
