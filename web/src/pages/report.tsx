import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import { Tray } from '../api/tray';
import type { TicketReceipt, TicketSettings } from '../api/types';
import { today } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { type Attempt, attemptKey, type Errors, useForm } from '../ui/form';
import { LoadedPage } from '../ui/loaded';
import { Page } from '../ui/page';
import { nameOf, pathTo, typesOf } from './parts/categories';
import { type Draft, keepDraft, recallDraft } from './parts/draft';
import { type OwnContract, ownContracts } from './parts/own-contracts';
import { ReportPlaces, ReportProblems } from './parts/report-choices';
import { ReportDetails } from './parts/report-details';
import { ReportReceipt } from './parts/report-receipt';
import '../styles/tickets.css';

/** Where, what, send: three taps on this page. What is chosen stands in the address, so that "back" takes one step back. */
export default function Report() {
  const { person } = currentMe();
  const loaded = useResource(`report ${person.person_id}`, () =>
    Promise.all([unwrap(api.GET('/ticket-settings')), ownContracts()]),
  );
  return (
    <LoadedPage of={loaded} title={m.home_report()}>
      {([settings, contracts]) =>
        contracts.length > 0 ? (
          <Steps settings={settings} contracts={contracts} />
        ) : (
          <Page title={m.home_report()} lead={m.report_no_contract()} />
        )
      }
    </LoadedPage>
  );
}

/** Those that run; who has only ended ones reports for these. */
function running(contracts: OwnContract[]): OwnContract[] {
  const now = today(currentMe().organisation.time_zone);
  const current = contracts.filter((contract) => !contract.ends_on || contract.ends_on >= now);
  return current.length > 0 ? current : contracts;
}

// Places of the tree that we ship which lie outside of what people rent; an organisation's own places begin inside.
const OUTSIDE = ['building', 'grounds'];

const EMPTY: Draft = {
  contract_id: '',
  type: 'technical',
  where: 'unit',
  place: '',
  subject: '',
  description: '',
  emergency: false,
  wished_times: [],
  incident_id: '',
};

interface StepsProps {
  settings: TicketSettings;
  contracts: OwnContract[];
}

function Steps({ settings, contracts: all }: StepsProps) {
  const { person_id } = currentMe().person;
  const { query, url } = useLocation();
  const contracts = running(all);
  const [stored] = useState(() => recallDraft(person_id));
  const [tray] = useState(() => new Tray(stored?.files));
  const [receipt, setReceipt] = useState<{ sent: TicketReceipt; emergency: boolean } | null>(null);
  const [rang, setRang] = useState(false);
  const attempt = useRef<Attempt | null>(null);
  const path = query.problem ? pathTo(settings.categories, query.problem) : [];
  const problem = path.at(-1)?.children?.length ? undefined : path.at(-1);
  const place = path[0] ?? settings.categories.find((node) => node.code === query.place);

  const form = useForm<Draft>(stored?.values ?? EMPTY, {
    check: (values) => {
      const errors: Errors = {};
      if (!contracts.some(({ contract_id }) => contract_id === values.contract_id))
        errors.contract_id = m.report_for_wanted;
      if (!values.subject.trim()) errors.subject = m.report_subject_wanted;
      if (values.emergency && !rang) errors.emergency = m.report_emergency_first;
      return errors;
    },
    send: async (values) => {
      const body = {
        contract_id: values.contract_id,
        type: values.type,
        category: problem?.code ?? '',
        subject: values.subject,
        description: values.description,
        common_part: values.where === 'common',
        place: values.where === 'common' ? values.place : '',
        emergency: values.emergency,
        wished_times: values.wished_times.filter(({ day }) => day !== ''),
        incident_id: values.incident_id || null,
        attachments: await tray.keys(),
      };
      attempt.current = attemptKey(attempt.current, JSON.stringify(body));
      const sent = await unwrap(
        api.POST('/tickets', { headers: { 'Idempotency-Key': attempt.current.key }, body }),
      ).catch((error) => {
        // The next try may be meant as a report of its own.
        form.set('incident_id', '');
        throw error;
      });
      attempt.current = null;
      tray.empty();
      setReceipt({ sent, emergency: values.emergency });
      form.reset(EMPTY);
      setRang(false);
    },
    fields: { common_part: 'where', category: 'type' },
  });
  const { values, set } = form;

  // The contract from whose page the person comes; else the only one there is.
  const named = contracts.find(({ contract_id }) => contract_id === query.contract)?.contract_id;
  const preselected = named ?? (contracts.length === 1 ? contracts[0]?.contract_id : undefined);
  useEffect(() => {
    if (preselected && !receipt) set('contract_id', preselected);
  }, [preselected, receipt]);

  // The problem's name is a good subject until the person writes another; its place says which kind it is.
  const suggested = useRef(stored?.suggested ?? '');
  const code = problem?.code;
  useEffect(() => {
    if (!problem || !place || receipt) return;
    const name = nameOf(problem.names);
    if (values.subject === '' || values.subject === suggested.current) {
      suggested.current = name;
      set('subject', name);
      set('where', OUTSIDE.includes(place.code) ? 'common' : 'unit');
    }
    const types = typesOf(place);
    if (!types.includes(values.type)) set('type', types[0] ?? 'technical');
  }, [code]);

  const files = tray.items.value;
  useEffect(() => {
    const written =
      values.description || values.place || values.emergency || values.wished_times.length > 0 || files.length > 0;
    const begun = written || (values.subject !== '' && values.subject !== suggested.current);
    const draft = { values, files: tray.kept(), suggested: suggested.current };
    keepDraft(person_id, begun && !receipt ? draft : null);
  }, [person_id, values, files, receipt, tray]);

  useEffect(() => setReceipt(null), [url]);
  useEffect(() => () => tray.empty(), [tray]);

  if (receipt) return <ReportReceipt {...receipt} settings={settings} />;
  const to = (step: Record<string, string>) => {
    const address = new URLSearchParams({ ...(query.contract && { contract: query.contract }), ...step });
    return `/tickets/new?${address}`;
  };
  if (problem && place) {
    return (
      <ReportDetails
        form={form}
        settings={settings}
        contracts={contracts}
        place={place}
        problem={problem}
        tray={tray}
        back={to({ place: place.code })}
        rang={rang}
        onRang={() => setRang(true)}
      />
    );
  }
  if (place) return <ReportProblems place={place} to={(one) => to({ problem: one.code })} back={to({})} />;
  return (
    <ReportPlaces
      settings={settings}
      tray={tray}
      form={form}
      to={(one) => (one.children?.length ? to({ place: one.code }) : to({ problem: one.code }))}
    />
  );
}
