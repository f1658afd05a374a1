import { useEffect, useId, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import type { Problem } from '../../api/problem';
import { useResource } from '../../api/resource';
import type { Ticket } from '../../api/types';
import { options } from '../../i18n/desk-words';
import { fromLocalInput, localInput } from '../../i18n/format';
import { TICKET_TYPES } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Failed } from '../../ui/notice';
import { grouped, problemsFor, problemsOf } from './categories';
import { colleagueOptions, type DeskData, nameOfPerson } from './desk-data';
import { isOpen } from './desk-rules';
import { Input, Select, Tick } from './select';
import { SupplierPicker } from './supplier-picker';
import { type ChangeTicket, toldElsewhere } from './ticket-change';

interface Props {
  ticket: Ticket;
  data: DeskData;
  change: ChangeTicket;
}

const NOBODY = '';

/** Who does it, what it is about, until when: changed together, and only what was changed is sent. */
export default function TicketFields({ ticket, data, change }: Props) {
  const zone = currentMe().organisation.time_zone;
  const due = ticket.due_at ? localInput(ticket.due_at, zone) : '';
  const first = {
    assignee: ticket.assignee_id ?? NOBODY,
    type: ticket.type as string,
    category: ticket.category,
    due,
    emergency: ticket.emergency,
    incident: ticket.incident_id ?? '',
    supplier: ticket.supplier_id,
  };
  // Only what the reader has changed is kept: when the ticket moves on meanwhile, the rest follows it and his own work stays.
  const [own, setOwn] = useState<Partial<typeof first>>({});
  const values = { ...first, ...own };
  useEffect(() => {
    const now: Record<string, unknown> = first;
    setOwn((old) => Object.fromEntries(Object.entries(old).filter(([name, value]) => value !== now[name])));
  }, [ticket.version]);
  const [supplierName, setSupplierName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrongDue, setWrongDue] = useState(false);
  const dueId = useId();
  const incidents = useResource('open incidents', () => unwrap(api.GET('/incidents')));
  const set = (news: Partial<typeof first>) => setOwn((old) => ({ ...old, ...news }));
  const dirty = JSON.stringify(values) !== JSON.stringify(first);

  const save = (event: Event) => {
    event.preventDefault();
    if (busy || !dirty) return;
    const due_at = values.due === due ? undefined : fromLocalInput(values.due, zone);
    setWrongDue(due_at === null);
    if (due_at === null) return document.getElementById(dueId)?.focus();
    setBusy(true);
    setProblem(null);
    change({
      ...(values.assignee !== first.assignee && { assignee_id: values.assignee || null }),
      ...(values.type !== first.type && { type: values.type as Ticket['type'] }),
      ...(values.category !== first.category && { category: values.category }),
      ...(due_at && { due_at }),
      ...(values.emergency !== first.emergency && { emergency: values.emergency }),
      ...(values.incident !== first.incident && { incident_id: values.incident || null }),
      ...(values.supplier !== first.supplier && { supplier_id: values.supplier }),
    })
      .catch((error) => setProblem(toldElsewhere(error)))
      .then(() => setBusy(false));
  };

  // The present problem stays to be seen also where its type or the tree no longer offers it.
  const offered = problemsFor(data.settings.categories, values.type as Ticket['type']);
  const present = problemsOf(data.settings.categories).find((one) => one.code === values.category);
  const problems = grouped(present && !offered.includes(present) ? [...offered, present] : offered).map(
    ([above, members]) => [above, members.map((one) => ({ value: one.code, label: one.name }))] as const,
  );
  const open = incidents.state === 'ready' ? incidents.data.items : [];
  return (
    <section class="section" aria-labelledby={`fields-${ticket.ticket_id}`}>
      <h2 id={`fields-${ticket.ticket_id}`}>{m.ticket_details()}</h2>
      <form onSubmit={save} noValidate data-testid="fields">
        {problem && <Failed problem={problem} />}
        <Select
          label={m.queue_assignee()}
          value={values.assignee}
          none={m.queue_assignee_none()}
          options={colleagueOptions(data.colleagues)}
          onChange={(assignee) => set({ assignee })}
        />
        <Select
          label={m.ticket_type()}
          value={values.type}
          options={options(TICKET_TYPES)}
          onChange={(type) => set({ type })}
        />
        <Select
          label={m.ticket_category()}
          value={values.category}
          none={present ? undefined : values.category}
          groups={problems}
          onChange={(category) => set({ category })}
        />
        {isOpen(ticket.status) && (
          <Input
            id={dueId}
            label={m.queue_deadline()}
            hint={m.queue_deadline_zone({ zone })}
            type="datetime-local"
            value={values.due}
            error={wrongDue ? m.field_invalid_date() : undefined}
            onInput={(typed) => set({ due: typed })}
          />
        )}
        <Tick
          label={m.queue_emergency_mark()}
          checked={values.emergency}
          onChange={(emergency) => set({ emergency })}
        />
        <Select
          label={m.incident_of()}
          value={values.incident}
          none={m.incident_none()}
          options={[
            ...open.map((one) => ({ value: one.incident_id, label: one.title })),
            ...(values.incident && !open.some((one) => one.incident_id === values.incident)
              ? [{ value: values.incident, label: m.incident_resolved() }]
              : []),
          ]}
          onChange={(incident) => set({ incident })}
        />
        {ticket.incident_id && (
          <p>
            <a href={`/incidents/${ticket.incident_id}`}>{m.incident_open_page()}</a>
          </p>
        )}
        <SupplierPicker
          name={values.supplier ? nameOfPerson(values.supplier) || supplierName : ''}
          onPick={(person_id, name) => {
            setSupplierName(name);
            set({ supplier: person_id });
          }}
        />
        <div class="form-actions">
          <button type="submit" class="button button-main" aria-disabled={busy || !dirty} data-busy={busy || undefined}>
            {m.save_action()}
          </button>
        </div>
      </form>
    </section>
  );
}
