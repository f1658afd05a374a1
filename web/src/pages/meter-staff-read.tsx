import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import type { Finding, Meter, ReadingReceipt, Suggestion } from '../api/types';
import { date as dateText, today } from '../i18n/format';
import { counters, measured } from '../i18n/meter-words';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { type Errors, Field, Form, Submit, useForm } from '../ui/form';
import { later } from '../ui/later';
import { Notice } from '../ui/notice';
import { MeterStaffPage } from './parts/meter-staff-page';
import { photoKey, usePhoto } from './parts/meter-staff-photo';
import { checkValues, filled, valueLabel, valueNames, valuesFrom } from './parts/meter-values';
import '../styles/readings.css';

const Questioned = later(() => import('./parts/reading-questioned'));

/** Staff enter a reading that a household told them, or put one right. `supersedes` in the address: the reading that is corrected. */
export default function MeterStaffRead() {
  const meter_id = useRoute().params.meter_id ?? '';
  const correcting = useLocation().query.supersedes;
  return (
    <MeterStaffPage meter_id={meter_id} title={correcting ? m.reading_correct_title() : m.reading_enter_title()}>
      {(meter) => <Reading meter={meter} />}
    </MeterStaffPage>
  );
}

interface Values {
  [name: string]: string;
  date: string;
}

type Claim = Suggestion['claim'];

/** What the checks asked or refused, and about which values. */
interface Asked {
  findings: readonly Finding[];
  of: string;
  refused: boolean;
}

function Reading({ meter }: { meter: Meter }) {
  const { query } = useLocation();
  const { registers } = meter.device;
  const supersedes = query.supersedes || null;
  const now = today(currentMe().organisation.time_zone);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [receipt, setReceipt] = useState<ReadingReceipt | null>(null);
  const [claim, setClaim] = useState<{ claim: Claim; claimed: number[]; of: string } | null>(null);
  const form = useForm<Values>(
    {
      date: query.date || now,
      ...filled('value', registers, (query.values ?? '').split(' ').filter(Boolean)),
    },
    {
      check: (values) => {
        const wrong: Errors = {};
        if (!values.date) wrong.date = m.field_invalid_date;
        checkValues(values, 'value', registers, wrong);
        return wrong;
      },
      send: (values, key) => send(values, key, asked?.of === subject(values) && !asked.refused),
      fields: { values: 'value0' },
    },
  );
  const photos = usePhoto();
  const subject = (values: Values) => JSON.stringify([values.date, ...valuesFrom(values, 'value', registers)]);
  // A claim and a question are about what stood in the fields; with other values they are gone.
  const present = asked?.of === subject(form.values) ? asked : null;

  const send = async (values: Values, key: string, confirmed: boolean, said = claim) => {
    const about = said && said.of === subject(values) ? said : null;
    const photo = await photos.sent();
    try {
      const made = await unwrap(
        api.POST('/meters/{meter_id}/readings', {
          params: { path: { meter_id: meter.meter_id } },
          // The same values with a confirmation are another request.
          headers: { 'Idempotency-Key': `${key}${confirmed ? '-c' : ''}${about ? '-k' : ''}${photoKey(photo)}` },
          body: {
            date: values.date,
            values: valuesFrom(values, 'value', registers),
            confirmed,
            ...(about?.claim && { claim: about.claim, claimed: about.claimed }),
            ...(supersedes && { supersedes }),
            ...(photo && { photo }),
          },
        }),
      );
      setReceipt(made);
    } catch (error) {
      const problem = Problem.of(error);
      const { findings } = problem.members;
      if (!['reading_rejected', 'reading_questioned'].includes(problem.code) || !Array.isArray(findings)) throw problem;
      setAsked({ findings, of: subject(values), refused: problem.code === 'reading_rejected' });
    }
  };

  const take = ({ values, claim: kind, claimed }: Suggestion) => {
    const next = { ...form.values, ...filled('value', registers, values) } as Values;
    form.reset(next);
    setAsked(null);
    setClaim(kind ? { claim: kind, claimed, of: subject(next) } : null);
  };

  if (receipt) return <Receipt receipt={receipt} meter={meter} />;
  const { last } = meter;
  return (
    <Form form={form}>
      {last && <p>{m.reading_last_was({ value: counters(last.values), date: dateText(last.date) })}</p>}
      {supersedes && <Notice title={m.reading_correct_text()} />}
      <Field name="date" label={m.reading_day()} type="date" max={now} width="medium" />
      {valueNames('value', registers).map((name, index) => (
        <Field
          key={name}
          name={name}
          label={valueLabel(m.reading_value(), index, registers)}
          inputMode="decimal"
          width="medium"
        />
      ))}
      {photos.field}
      {present && (
        <Questioned
          key={present.of}
          findings={present.findings}
          refused={present.refused}
          meter={meter}
          date={form.values.date}
          values={valuesFrom(form.values, 'value', registers)}
          onTake={take}
        />
      )}
      {claim?.of === subject(form.values) && <p role="status">{m.held_claim_rolled_over()}</p>}
      <div class="form-actions">
        <Submit busy={form.busy}>
          {present && !present.refused ? m.reading_confirm() : supersedes ? m.reading_correct() : m.reading_enter()}
        </Submit>
        <a class="button" href={`/meters/${meter.meter_id}`}>
          {m.cancel_action()}
        </a>
      </div>
    </Form>
  );
}

function Receipt({ receipt, meter }: { receipt: ReadingReceipt; meter: Meter }) {
  const { status, values, date, consumption } = receipt;
  return (
    <>
      <Notice
        kind={status === 'accepted' ? 'good' : 'warning'}
        title={status === 'accepted' ? m.reading_entered() : m.reading_entered_held()}
        focus
        testId="receipt"
      >
        <p>
          {m.reading_last_was({ value: counters(values), date: dateText(date) })}{' '}
          {consumption?.uses.map((use) => measured(use, meter.unit)).join(' · ')}
        </p>
      </Notice>
      <div class="form-actions">
        <a class="button button-main" href={`/meters/${meter.meter_id}`}>
          {m.reading_see_meter()}
        </a>
        {meter.unit_id && (
          <a class="button" href={`/meter-list?unit_id=${meter.unit_id}`}>
            {m.reading_see_unit()}
          </a>
        )}
      </div>
    </>
  );
}
