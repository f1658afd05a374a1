import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import { today } from '../i18n/format';
import '../i18n/reading-codes';
import { type Medium, mediumOptions, mediumText } from '../i18n/reading-media';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { type Errors, Field, Form, Submit, useForm } from '../ui/form';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { everything } from './parts/desk-data';
import { checkDevice, DeviceFields, type DeviceValues, deviceFrom, NEW_DEVICE } from './parts/device-fields';
import { checkValues, filled, valueLabel, valueNames, valuesFrom } from './parts/meter-values';
import '../styles/desk.css';

/** A meter that hangs in a unit or in the common parts of a community; which of them stands in the address. */
export default function MeterStaffInstall() {
  const { query } = useLocation();
  const { unit_id, community_id } = query;
  if (!isStaff() || !(unit_id || community_id)) return <NotFound />;
  return <Installation where={unit_id ? { unit_id } : { community_id: community_id ?? '' }} />;
}

type Where = { unit_id: string } | { community_id: string };

interface Values extends DeviceValues {
  [name: string]: string;
  number: string;
  medium: string;
  place: string;
  parent_id: string;
  date: string;
  verified_until: string;
  seal: string;
}

const MOST_REGISTERS = 4;

/** The community's common meters: one of them may be the house meter of the new one. */
async function housesOf(where: Where) {
  const community_id =
    'unit_id' in where
      ? (await unwrap(api.GET('/units/{unit_id}', { params: { path: where } }))).community.community_id
      : where.community_id;
  return everything((query) => unwrap(api.GET('/meters', { params: { query: { ...query, community_id } } })));
}

function Installation({ where }: { where: Where }) {
  const { route } = useLocation();
  const now = today(currentMe().organisation.time_zone);
  const back = `/meter-list?${new URLSearchParams(where)}`;
  const houses = useResource(`houses ${back}`, () => housesOf(where));
  const form = useForm<Values>(
    {
      ...NEW_DEVICE,
      ...filled('opening', MOST_REGISTERS, '0'),
      number: '',
      medium: 'cold_water',
      place: '',
      parent_id: '',
      date: now,
      verified_until: '',
      seal: '',
    },
    {
      check: (values) => {
        const wrong: Errors = {};
        if (!values.number.trim()) wrong.number = m.field_missing;
        if (!values.date) wrong.date = m.field_invalid_date;
        checkDevice(values, wrong);
        checkValues(values, 'opening', Number(values.registers), wrong);
        return wrong;
      },
      send: async (values, key) => {
        const { meter_id } = await unwrap(
          api.POST('/meters', {
            headers: { 'Idempotency-Key': key },
            body: {
              ...where,
              number: values.number.trim(),
              medium: values.medium as Medium,
              place: values.place.trim(),
              ...(parents.some((one) => one.meter_id === values.parent_id) && { parent_id: values.parent_id }),
              device: deviceFrom(values),
              date: values.date,
              opening: valuesFrom(values, 'opening', Number(values.registers)),
              ...(values.verified_until && { verified_until: values.verified_until }),
              ...(values.seal.trim() && { seal: values.seal.trim() }),
            },
          }),
        );
        route(`/meters/${meter_id}`);
      },
      fields: { opening: 'opening0', device: 'digits' },
    },
  );
  const { medium } = form.values;
  const registers = Number(form.values.registers);
  const parents = (houses.state === 'ready' ? houses.data : []).filter(
    (one) => one.medium === medium && !one.removed_on,
  );
  return (
    <Page title={m.reading_install()} above={<a href={back}>{m.reading_meters()}</a>}>
      <Form form={form}>
        <Field name="number" label={m.reading_number()} hint={m.reading_number_hint()} width="medium" />
        <Field name="medium" label={m.reading_medium()} options={mediumOptions()} width="medium" />
        <Field name="place" label={m.reading_place()} hint={m.reading_place_hint()} width="medium" optional />
        {parents.length > 0 && (
          <Field
            name="parent_id"
            label={m.reading_parent()}
            hint={m.reading_parent_hint()}
            options={[
              { value: '', label: m.reading_parent_none() },
              ...parents.map((one) => ({
                value: one.meter_id,
                label: [one.number, mediumText(one.medium), one.place].filter(Boolean).join(', '),
              })),
            ]}
            width="medium"
            optional
          />
        )}
        <DeviceFields />
        <Field name="date" label={m.reading_install_day()} type="date" max={now} width="medium" />
        {valueNames('opening', registers).map((name, index) => (
          <Field
            key={name}
            name={name}
            label={valueLabel(m.reading_opening(), index, registers)}
            inputMode="decimal"
            width="medium"
          />
        ))}
        <Field name="verified_until" label={m.reading_verified_until()} type="date" width="medium" optional />
        <Field name="seal" label={m.reading_seal()} width="medium" optional />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.reading_install()}</Submit>
          <a class="button" href={back}>
            {m.cancel_action()}
          </a>
        </div>
      </Form>
    </Page>
  );
}
