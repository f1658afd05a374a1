import { useEffect, useState } from 'preact/hooks';
import type { Tray } from '../../api/tray';
import type { CategoryNode, TicketSettings } from '../../api/types';
import { TICKET_TYPES } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { Choices } from '../../ui/choices';
import { Field, Form, type FormState, Submit } from '../../ui/form';
import { later } from '../../ui/later';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { nameOf, typesOf } from './categories';
import type { Draft } from './draft';
import { Emergency } from './emergency';
import { Files } from './files';
import { contractName } from './names';
import type { OwnContract } from './own-contracts';

// An offer: where it does not come, the report goes on without.
const Similar = later(() => import('./similar').catch(() => ({ default: () => null })), 0);
const WishedTimes = later(() => import('./wished-times'), 1);

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
  const urgent = problem.deadline?.unit === 'hours';
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
      <Emergency form={form} settings={settings} urgent={urgent} />
      {problem.hint && (
        <Notice kind="warning" title={m.report_hint()} testId="first-aid">
          <p>{nameOf(problem.hint)}</p>
        </Notice>
      )}
      {values.contract_id && (
        <Similar
          contract_id={values.contract_id}
          category={problem.code}
          joinable={!urgent && !values.emergency}
          busy={form.busy}
          onJoin={(incident_id) => {
            set('incident_id', incident_id);
            setJoining(true);
          }}
        />
      )}
      <Form form={form} label={m.home_report()}>
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
