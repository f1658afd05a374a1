import { useState } from 'preact/hooks';
import type { Problem } from '../../api/problem';
import type { Ticket } from '../../api/types';
import type { Status } from '../../i18n/desk-words';
import { DESK_STEPS, WANTED_THINGS } from '../../i18n/step-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { later } from '../../ui/later';
import { Failed, Notice } from '../../ui/notice';
import { type DeskData, nameOfPerson } from './desk-data';
import { isOpen, textOf } from './desk-rules';
import { type ChangeTicket, toldElsewhere } from './ticket-change';

const StepDialog = later(() => import('./step-dialog'));

interface Props {
  ticket: Ticket;
  data: DeskData;
  change: ChangeTicket;
}

/** The step that usually comes next stands out. */
const NEXT: Record<string, Status> = {
  new: 'accepted',
  accepted: 'in_progress',
  in_progress: 'done',
  waiting_for_tenant: 'in_progress',
  waiting_for_supplier: 'done',
};

/** What may be done with it now: the steps that the server allows, and who does it. */
export default function TicketSteps({ ticket, data, change }: Props) {
  const [asked, setAsked] = useState<Status | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const me = currentMe().person.person_id;
  const go = (body: Parameters<ChangeTicket>[0]) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    change(body)
      .catch((error) => setProblem(toldElsewhere(error)))
      .then(() => setBusy(false));
  };
  const step = (to: Status) => (textOf(ticket.status, to) ? setAsked(to) : go({ status: to }));
  const next = NEXT[ticket.status];
  return (
    <section class="section" aria-label={m.queue_steps()}>
      {problem && <Failed problem={problem} />}
      {ticket.result !== '' && <Notice title={m.ticket_result()}>{<p class="entry-text">{ticket.result}</p>}</Notice>}
      {ticket.wanted && (
        <Notice title={`${m.queue_asked()}: ${WANTED_THINGS[ticket.wanted]()}`} testId="asked">
          {ticket.question && <p class="entry-text">{ticket.question}</p>}
        </Notice>
      )}
      {ticket.stars !== null && (
        <Notice title={m.queue_rated({ stars: ticket.stars })} kind={ticket.stars > 2 ? 'good' : 'warning'}>
          {ticket.rating_text && <p class="entry-text">{ticket.rating_text}</p>}
        </Notice>
      )}
      {ticket.merged_into && (
        <p>
          {m.ticket_merged_into()} <a href={`/tickets/${ticket.merged_into}`}>{m.ticket_merged_link()}</a>
        </p>
      )}
      <p>
        {m.queue_assignee()}:{' '}
        <strong data-testid="assignee">{nameOfPerson(ticket.assignee_id) || m.queue_assignee_none()}</strong>
      </p>
      <div class="actions" data-testid="steps">
        {ticket.abilities.statuses.map((to) => (
          <button
            key={to}
            type="button"
            class={to === next ? 'button button-main' : 'button'}
            aria-disabled={busy}
            onClick={() => step(to)}
          >
            {isOpen(ticket.status) ? DESK_STEPS[to]() : m.queue_step_reopen()}
          </button>
        ))}
        {ticket.assignee_id !== me && isOpen(ticket.status) && (
          <button
            type="button"
            class="button button-quiet"
            aria-disabled={busy}
            onClick={() => go({ assignee_id: me })}
          >
            {m.queue_assign_to_me()}
          </button>
        )}
      </div>
      {asked && (
        <StepDialog
          number={ticket.number}
          from={ticket.status}
          to={asked}
          answers={data.desk.answers}
          send={(said) => change({ status: asked, ...said })}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}
