import { useState } from 'preact/hooks';
import { api, unwrap } from '../api/client';
import type { ContractItem, TicketReceipt } from '../api/types';
import { options } from '../i18n/desk-words';
import { instant, today } from '../i18n/format';
import { CHANNELS } from '../i18n/inner-words';
import { TICKET_TYPES, type TicketType } from '../i18n/ticket-words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { type Errors, Field, Form, Submit, useForm } from '../ui/form';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { grouped, type Problem, problemsFor } from './parts/categories';
import { ContractPicker } from './parts/contract-picker';
import { type DeskData, useDesk } from './parts/desk-data';
import { Select, Tick } from './parts/select';
import { SimilarTickets } from './parts/similar-tickets';
import '../styles/desk.css';

export default function QueueNew() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const desk = useDesk();
  return (
    <LoadedPage of={desk} title={m.queue_new()}>
      {(data) => <Steps data={data} />}
    </LoadedPage>
  );
}

/** Whose it is, what it is, and the number to tell the person on the telephone. */
function Steps({ data }: { data: DeskData }) {
  const [contract, setContract] = useState<ContractItem | null>(null);
  const [receipt, setReceipt] = useState<TicketReceipt | null>(null);
  if (receipt) {
    return (
      <Receipt
        receipt={receipt}
        again={() => {
          setReceipt(null);
          setContract(null);
        }}
      />
    );
  }
  return (
    <Page title={m.queue_new()} lead={m.queue_new_lead()}>
      <section class="section" aria-labelledby="whose">
        <h2 id="whose">{m.queue_new_whose()}</h2>
        <ContractPicker picked={contract} onPick={setContract} />
      </section>
      {contract && <Write key={contract.contract_id} contract={contract} data={data} done={setReceipt} />}
    </Page>
  );
}

interface Draft {
  reporter_id: string;
  channel: string;
  category: string;
  subject: string;
  description: string;
  place: string;
}

// Asked for anew each time: the reader may have chosen another language meanwhile.
const channelsOfStaff = () => options(CHANNELS).filter(({ value }) => value !== 'portal');

function check(draft: Draft): Errors {
  const errors: Errors = {};
  if (!draft.reporter_id) errors.reporter_id = m.queue_new_who_wanted;
  if (!draft.category) errors.category = m.queue_new_category_wanted;
  if (!draft.subject.trim()) errors.subject = m.report_subject_wanted;
  if (draft.subject.length > 120) errors.subject = () => m.field_too_long({ count: 120 });
  return errors;
}

interface WriteProps {
  contract: ContractItem;
  data: DeskData;
  done: (receipt: TicketReceipt) => void;
}

function Write({ contract, data, done }: WriteProps) {
  const day = today(currentMe().organisation.time_zone);
  // Who has moved out reports nothing for the contract any more.
  const holders = (contract.holders ?? []).filter((holder) => !holder.ends_on || holder.ends_on >= day);
  const [type, setType] = useState<TicketType>('technical');
  const [emergency, setEmergency] = useState(false);
  const [common, setCommon] = useState(false);
  const [incident, setIncident] = useState<string | null>(null);
  const problems = problemsFor(data.settings.categories, type);
  const form = useForm<Draft>(
    {
      reporter_id: holders.length === 1 ? (holders[0]?.person_id ?? '') : '',
      channel: 'telephone',
      category: '',
      subject: '',
      description: '',
      place: '',
    },
    {
      check,
      send: async (draft, key) =>
        done(
          await unwrap(
            api.POST('/tickets', {
              headers: { 'Idempotency-Key': key },
              body: {
                ...draft,
                subject: draft.subject.trim(),
                channel: draft.channel as 'telephone',
                contract_id: contract.contract_id,
                type,
                emergency,
                common_part: common,
                ...(incident && { incident_id: incident }),
              },
            }),
          ),
        ),
    },
  );
  const chosen = problems.find((one) => one.code === form.values.category);
  const choose = (problem: Problem | undefined) => {
    form.set('category', problem?.code ?? '');
    setIncident(null);
    // What the problem is called is what most people would write; who knows better writes over it.
    if (problem && (!form.values.subject || form.values.subject === chosen?.name)) form.set('subject', problem.name);
  };
  const error = form.errors.category?.();
  return (
    <Form form={form}>
      <Field
        name="reporter_id"
        label={m.queue_new_who()}
        options={[
          ...(holders.length === 1 ? [] : [{ value: '', label: m.queue_new_choose() }]),
          ...holders.map((holder) => ({ value: holder.person_id, label: holder.name })),
        ]}
      />
      <Field name="channel" label={m.queue_channel()} options={channelsOfStaff()} width="medium" />
      <Select
        label={m.ticket_type()}
        value={type}
        options={options(TICKET_TYPES)}
        onChange={(value) => {
          setType(value as TicketType);
          choose(undefined);
        }}
      />
      <div id={`${form.id}-category`} tabIndex={-1} class={error ? 'field-wrong' : undefined}>
        {error && <p class="field-error">{error}</p>}
        <Select
          label={m.ticket_category()}
          value={form.values.category}
          none={m.queue_new_choose()}
          groups={grouped(problems).map(([above, members]) => [
            above,
            members.map((one) => ({ value: one.code, label: one.name })),
          ])}
          onChange={(code) => choose(problems.find((one) => one.code === code))}
        />
      </div>
      {chosen?.hint && <Notice title={m.queue_new_hint()}>{<p>{chosen.hint}</p>}</Notice>}
      {chosen && (
        <SimilarTickets
          key={chosen.code}
          contract_id={contract.contract_id}
          category={chosen.code}
          incident={incident}
          onIncident={setIncident}
        />
      )}
      <Field name="subject" label={m.ticket_subject()} />
      <Field name="description" label={m.report_description()} rows={5} optional />
      <Field name="place" label={m.report_place()} hint={m.report_place_hint()} optional />
      <Tick label={m.ticket_in_common()} checked={common} onChange={setCommon} />
      <Tick label={m.report_emergency()} checked={emergency} onChange={setEmergency} />
      <div class="form-actions">
        <Submit busy={form.busy}>{m.queue_new_action()}</Submit>
        <a class="button button-quiet" href="/queue">
          {m.cancel_action()}
        </a>
      </div>
    </Form>
  );
}

function Receipt({ receipt, again }: { receipt: TicketReceipt; again: () => void }) {
  return (
    <Page key="receipt" title={m.queue_new_done()}>
      <Notice kind="good" title={m.queue_new_number({ number: receipt.number })} testId="receipt" focus>
        {receipt.due_at && (
          <p>{m.queue_new_due({ time: instant(receipt.due_at, currentMe().organisation.time_zone) })}</p>
        )}
      </Notice>
      <p class="form-actions">
        <a class="button button-main" href={`/tickets/${receipt.ticket_id}`}>
          {m.queue_new_open()}
        </a>
        <button type="button" class="button" onClick={again}>
          {m.queue_new_another()}
        </button>
      </p>
    </Page>
  );
}
