import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { TicketItem } from '../../api/types';
import { problemText } from '../../i18n/codes';
import type { Status } from '../../i18n/desk-words';
import { DESK_STEPS, STEP_NEEDS } from '../../i18n/step-words';
import type { Wanted } from '../../i18n/wanted-words';
import { m } from '../../paraglide/messages.js';
import { attemptKey } from '../../ui/form';
import { Failed, Notice } from '../../ui/notice';
import { grouped, problemsOf } from './categories';
import { colleagueOptions, type DeskData } from './desk-data';
import { ENDED, OPEN, type StepWords, textOf } from './desk-rules';
import { Area, Select } from './select';
import { WantedSelect } from './wanted-select';

const AT_ONCE = 20;

export interface Outcome {
  ticket_id: string;
  code: string | null;
}

interface Change extends StepWords {
  assignee_id?: string | null;
  status?: Status;
  category?: string;
}

/** The same change to many tickets, twenty at a time; who was done stays done when a later twenty fails. */
async function changeAll(ids: string[], change: Change): Promise<{ outcomes: Outcome[]; problem: Problem | null }> {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const body = { ticket_ids: ids.slice(start, start + AT_ONCE), change };
    try {
      const answer = await unwrap(
        api.POST('/tickets/changes', {
          headers: { 'Idempotency-Key': attemptKey(null, JSON.stringify(body)).key },
          body,
        }),
      );
      outcomes.push(...answer.items);
    } catch (error) {
      return { outcomes, problem: Problem.of(error) };
    }
  }
  return { outcomes, problem: null };
}

interface Props {
  data: DeskData;
  chosen: TicketItem[];
  /** Those that were left as they are stay chosen. */
  onDone: (left: string[]) => void;
  onClear: () => void;
}

/** What can be done to all chosen tickets, and what came of it for each. */
export default function QueueBulk({ data, chosen, onDone, onClear }: Props) {
  const [assignee, setAssignee] = useState('');
  const [status, setStatus] = useState('');
  const [category, setCategory] = useState('');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ good: number; left: (Outcome & { number: string })[] } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState(false);
  const [wanted, setWanted] = useState<Wanted>('answer');
  const need = status ? textOf('new', status as Status) : null;
  const nothing = !assignee && !status && !category;
  const problems = grouped(problemsOf(data.settings.categories)).map(
    ([above, members]) => [above, members.map((one) => ({ value: one.code, label: one.name }))] as const,
  );
  const go = async () => {
    if (busy || nothing) return;
    const unsaid = need !== null && !text.trim();
    setMissing(unsaid);
    if (unsaid) return;
    setBusy(true);
    const numbers = new Map(chosen.map((ticket) => [ticket.ticket_id, ticket.number]));
    const { outcomes, problem: failed } = await changeAll([...numbers.keys()], {
      ...(assignee && { assignee_id: assignee === 'none' ? null : assignee }),
      ...(status && { status: status as Status }),
      ...(category && { category }),
      ...(need && { text: text.trim() }),
      ...(need === 'question' && { wanted }),
    });
    const left = outcomes
      .filter((one) => one.code)
      .map((one) => ({ ...one, number: numbers.get(one.ticket_id) ?? '' }));
    const done = new Set(outcomes.filter((one) => !one.code).map((one) => one.ticket_id));
    setBusy(false);
    setProblem(failed);
    setTold({ good: done.size, left });
    onDone([...numbers.keys()].filter((id) => !done.has(id)));
  };
  return (
    <section class="desk-bulk" aria-label={m.queue_bulk()} data-testid="bulk">
      {told && <Told {...told} />}
      {problem && <Failed problem={problem} />}
      {chosen.length > 0 && (
        <>
          <p class="desk-bulk-count" role="status">
            <strong>{m.queue_selected({ count: chosen.length })}</strong>
          </p>
          {missing && need && <Notice kind="bad" title={STEP_NEEDS[need].missing()} />}
          <div class="desk-bulk-fields">
            <Select
              label={m.queue_assignee()}
              value={assignee}
              none={m.queue_unchanged()}
              options={[{ value: 'none', label: m.queue_assignee_none() }, ...colleagueOptions(data.colleagues)]}
              onChange={setAssignee}
            />
            <Select
              label={m.ticket_status()}
              value={status}
              none={m.queue_unchanged()}
              options={[...OPEN, ...ENDED]
                .filter((one) => one !== 'new')
                .map((value) => ({ value, label: DESK_STEPS[value]() }))}
              onChange={setStatus}
            />
            <Select
              label={m.ticket_category()}
              value={category}
              none={m.queue_unchanged()}
              groups={problems}
              onChange={setCategory}
            />
          </div>
          {need === 'question' && <WantedSelect value={wanted} onChange={setWanted} />}
          {need && (
            <Area
              label={STEP_NEEDS[need].label()}
              hint={m.queue_tenant_reads()}
              rows={2}
              value={text}
              onInput={setText}
            />
          )}
          <div class="form-actions">
            <button
              type="button"
              class="button button-main"
              aria-disabled={busy || nothing}
              data-busy={busy || undefined}
              onClick={() => void go()}
            >
              {m.queue_bulk_action({ count: chosen.length })}
            </button>
            {chosen.length <= AT_ONCE && (
              <a
                class="button"
                href={`/incidents/new?tickets=${chosen.map((ticket) => ticket.ticket_id).join(',')}&communities=${[
                  ...new Set(chosen.map((ticket) => ticket.community_id)),
                ].join(',')}`}
              >
                {m.queue_bulk_incident()}
              </a>
            )}
            <button type="button" class="button button-quiet" onClick={onClear}>
              {m.queue_bulk_clear()}
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function Told({ good, left }: { good: number; left: (Outcome & { number: string })[] }) {
  return (
    <Notice
      key={`${good} ${left.length}`}
      kind={left.length > 0 ? 'warning' : 'good'}
      title={m.queue_bulk_done({ count: good })}
      testId="bulk-outcome"
      focus
    >
      {left.length > 0 && (
        <>
          <p>{m.queue_bulk_left({ count: left.length })}</p>
          <ul>
            {left.map((one) => (
              <li key={one.ticket_id} data-testid="bulk-left">
                <a href={`/tickets/${one.ticket_id}`}>{one.number}</a>: {problemText(new Problem(one.code ?? ''))}
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  );
}
