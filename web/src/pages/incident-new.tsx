import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import type { Incident } from '../api/types';
import { fromLocalInput, localInput } from '../i18n/format';
import '../i18n/desk-codes';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { type Errors, Field, Form, Submit, useForm } from '../ui/form';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { grouped, problemsOf } from './parts/categories';
import { Communities } from './parts/communities';
import { type DeskData, useDesk } from './parts/desk-data';
import { INCIDENT_KINDS } from './parts/incident-words';
import { Input, Select } from './parts/select';
import '../styles/desk.css';

export default function IncidentNew() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const desk = useDesk();
  return (
    <LoadedPage of={desk} title={m.incident_new()}>
      {(data) => <Write data={data} />}
    </LoadedPage>
  );
}

interface Draft {
  kind: string;
  title: string;
  text: string;
  category: string;
  starts_at: string;
  ends_at: string;
  community_ids: string;
}

const MOST = 20;
const listed = (text: string | undefined) => (text ? text.split(',').filter(Boolean).slice(0, MOST) : []);

function check(draft: Draft, zone: string, communities: string[]): Errors {
  const errors: Errors = {};
  const start = fromLocalInput(draft.starts_at, zone);
  const end = draft.ends_at ? fromLocalInput(draft.ends_at, zone) : undefined;
  if (communities.length === 0) errors.community_ids = m.incident_where_wanted;
  if (!draft.title.trim()) errors.title = m.field_missing;
  if (draft.title.length > 120) errors.title = () => m.field_too_long({ count: 120 });
  if (!start) errors.starts_at = m.field_invalid_date;
  if (end === null) errors.ends_at = m.field_invalid_date;
  else if (start && end && end <= start) errors.ends_at = m.incident_ends_before;
  return errors;
}

function Write({ data }: { data: DeskData }) {
  const { query, route } = useLocation();
  const zone = currentMe().organisation.time_zone;
  const tickets = listed(query.tickets);
  const [communities, setCommunities] = useState(() => listed(query.communities));
  const form = useForm<Draft>(
    {
      kind: 'outage',
      title: '',
      text: '',
      category: '',
      starts_at: localInput(new Date().toISOString(), zone),
      ends_at: '',
      community_ids: '',
    },
    {
      check: (draft) => check(draft, zone, communities),
      send: async ({ kind, title, text, category, starts_at, ends_at }, key) => {
        const opened = await unwrap(
          api.POST('/incidents', {
            headers: { 'Idempotency-Key': key },
            body: {
              kind: kind as Incident['kind'],
              community_ids: communities,
              title: title.trim(),
              text: text.trim(),
              starts_at: fromLocalInput(starts_at, zone) ?? '',
              ends_at: ends_at ? fromLocalInput(ends_at, zone) : null,
              ticket_ids: tickets,
              ...(category && { category }),
            },
          }),
        );
        route(`/incidents/${opened.incident_id}`);
      },
    },
  );
  const groups = grouped(problemsOf(data.settings.categories)).map(
    ([above, members]) => [above, members.map((one) => ({ value: one.code, label: one.name }))] as const,
  );
  return (
    <Page
      title={m.incident_new()}
      above={<a href="/incidents">{m.incident_list()}</a>}
      lead={tickets.length > 0 ? m.incident_with_tickets({ count: tickets.length }) : m.incident_new_lead()}
    >
      <Form form={form}>
        <Field
          name="kind"
          label={m.incident_kind()}
          width="medium"
          options={[
            { value: 'outage', label: INCIDENT_KINDS.outage() },
            { value: 'planned_work', label: INCIDENT_KINDS.planned_work() },
          ]}
        />
        <Communities
          legend={m.incident_where()}
          communities={data.communities}
          chosen={communities}
          onChange={setCommunities}
          id={`${form.id}-community_ids`}
          error={form.errors.community_ids?.()}
        />
        <Field name="title" label={m.incident_title()} hint={m.incident_title_hint()} />
        <Field name="text" label={m.incident_text()} hint={m.incident_text_hint()} rows={4} optional />
        <Select
          label={m.ticket_category()}
          value={form.values.category}
          none={m.incident_any_category()}
          groups={groups}
          onChange={(value) => form.set('category', value)}
        />
        <div class="fields fields-two">
          <Time form={form} name="starts_at" label={m.incident_starts()} />
          <Time form={form} name="ends_at" label={m.incident_ends()} />
        </div>
        <div class="form-actions">
          <Submit busy={form.busy}>{m.incident_open_action()}</Submit>
          <a class="button button-quiet" href="/incidents">
            {m.cancel_action()}
          </a>
        </div>
      </Form>
    </Page>
  );
}

interface TimeProps {
  form: ReturnType<typeof useForm<Draft>>;
  name: 'starts_at' | 'ends_at';
  label: string;
}

function Time({ form, name, label }: TimeProps) {
  return (
    <Input
      id={`${form.id}-${name}`}
      label={label}
      type="datetime-local"
      value={form.values[name]}
      error={form.errors[name]?.()}
      onInput={(value) => form.set(name, value)}
    />
  );
}
