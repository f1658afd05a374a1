import { useEffect, useState } from 'preact/hooks';
import type { Tray } from '../../api/tray';
import type { CategoryNode, TicketSettings } from '../../api/types';
import { today } from '../../i18n/format';
import { DAY_PARTS, TICKET_TYPES } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Choices } from '../../ui/choices';
import { Field, Form, type FormState, Submit } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { nameOf, typesOf } from './categories';
import type { Draft } from './draft';
import { Emergency } from './emergency';
import { Files } from './files';
import { contractName } from './names';
import type { OwnContract } from './own-contracts';
import { Similar } from './similar';

interface Props {
  form: FormState<Draft>;
  settings: TicketSettings;
  contracts: OwnContract[];
  place: CategoryNode;
  problem: CategoryNode;
  tray: Tray;
  back: string;
  rang: boolean;
  onRang: () => void;
}

/** Everything is filled in already: who is in a hurry presses "send". */
export function ReportDetails({ form, settings, contracts, place, problem, tray, back, rang, onRang }: Props) {
  const { values, set } = form;
  const types = typesOf(place);
  const inBuilding = values.type === 'technical' || values.type === 'organisational';
  const only = contracts.length === 1 ? contracts[0] : undefined;
  const underWay = tray.items.value.some(({ state }) => state === 'sending' || state === 'checking');

  // "Add me" sends at once; the value has to be in the form before that.
  const [joining, setJoining] = useState(false);
  useEffect(() => {
    if (!joining) return;
    setJoining(false);
    form.submit();
  }, [joining, form]);

  return (
    <Page
      key="details"
      title={m.report_details_title({ problem: nameOf(problem.names) })}
      above={<a href={back}>{m.report_back_problem()}</a>}
    >
      {problem.hint && (
        <Notice kind="warning" title={m.report_hint()} testId="first-aid">
          <p>{nameOf(problem.hint)}</p>
        </Notice>
      )}
      {values.contract_id && (
        <Similar
          contract_id={values.contract_id}
          category={problem.code}
          busy={form.busy}
          onJoin={(incident_id) => {
            set('incident_id', incident_id);
            setJoining(true);
          }}
        />
      )}
      <Form form={form} label={m.home_report()}>
        <Emergency form={form} settings={settings} />
        {only ? (
          <p class="muted">{contractName(only)}</p>
        ) : (
          <Field
            name="contract_id"
            label={m.report_for()}
            options={[
              { value: '', label: m.report_choose() },
              ...contracts.map((contract) => ({ value: contract.contract_id, label: contractName(contract) })),
            ]}
          />
        )}
        {types.length > 1 && (
          <Field
            name="type"
            label={m.ticket_type()}
            options={types.map((value) => ({ value, label: TICKET_TYPES[value]() }))}
            width="medium"
          />
        )}
        {inBuilding && (
          <Choices
            form={form}
            name="where"
            legend={m.ticket_where()}
            options={[
              { value: 'unit', label: m.ticket_in_unit() },
              { value: 'common', label: m.ticket_in_common() },
            ]}
          />
        )}
        {inBuilding && values.where === 'common' && (
          <Field name="place" label={m.report_place()} hint={m.report_place_hint()} optional />
        )}
        <Field name="subject" label={m.ticket_subject()} />
        <Field name="description" label={m.report_description()} rows={4} optional />
        <Files tray={tray} />
        {inBuilding && <WishedTimes form={form} />}
        {form.busy && underWay && (
          <p class="muted" role="status">
            {m.ticket_file_waits()}
          </p>
        )}
        <div class="form-actions send-bar">
          {values.emergency && !rang ? (
            <button type="button" class="button" onClick={onRang}>
              {m.report_emergency_go_on()}
            </button>
          ) : (
            <Submit busy={form.busy}>{m.report_send()}</Submit>
          )}
        </div>
      </Form>
    </Page>
  );
}

const MOST_TIMES = 5;

function WishedTimes({ form }: { form: FormState<Draft> }) {
  const { values, set, id } = form;
  const times = values.wished_times;
  const change = (index: number, news: Partial<(typeof times)[number]>) =>
    set(
      'wished_times',
      times.map((time, at) => (at === index ? { ...time, ...news } : time)),
    );
  return (
    <fieldset class="choices">
      <legend class="legend">
        {m.ticket_wished()} <span class="optional">{m.field_optional()}</span>
      </legend>
      {times.map((time, index) => (
        <div key={index} class="wished">
          <div class="field">
            <label for={`${id}-day-${index}`}>{m.report_wished_day()}</label>
            <input
              id={`${id}-day-${index}`}
              class="control"
              type="date"
              min={today(currentMe().organisation.time_zone)}
              value={time.day}
              onInput={(event) => change(index, { day: event.currentTarget.value })}
            />
          </div>
          <div class="field">
            <label for={`${id}-part-${index}`}>{m.report_wished_part()}</label>
            <select
              id={`${id}-part-${index}`}
              class="control"
              value={time.part}
              onChange={(event) => change(index, { part: event.currentTarget.value as typeof time.part })}
            >
              {Object.entries(DAY_PARTS).map(([value, words]) => (
                <option key={value} value={value}>
                  {words()}
                </option>
              ))}
            </select>
          </div>
          <button
            type="button"
            class="button button-quiet"
            onClick={() =>
              set(
                'wished_times',
                times.filter((_, at) => at !== index),
              )
            }
          >
            {m.ticket_file_remove()}
          </button>
        </div>
      ))}
      {times.length < MOST_TIMES && (
        <button
          type="button"
          class="button"
          onClick={() => set('wished_times', [...times, { day: '', part: 'any' as const }])}
        >
          {m.report_wished_add()}
        </button>
      )}
    </fieldset>
  );
}
