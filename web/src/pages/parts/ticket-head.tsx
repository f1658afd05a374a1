import type { Ticket, TicketItem } from '../../api/types';
import { instant } from '../../i18n/format';
import { standing } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';

/** By when; late is said in words too. */
export function TicketDue({ ticket }: { ticket: Pick<TicketItem, 'due_at' | 'overdue'> }) {
  if (!ticket.due_at) return null;
  const time = instant(ticket.due_at, currentMe().organisation.time_zone);
  return ticket.overdue ? <span class="bad">{m.ticket_late({ time })}</span> : <span>{m.ticket_due({ time })}</span>;
}

/** How it stands, first of all; then what the reader has to do about it; then how it ended. */
export function TicketHead({ ticket }: { ticket: Ticket }) {
  const ended = ticket.status === 'reviewed';
  return (
    <section class="ticket-head" aria-label={m.ticket_status()}>
      <p
        class={ended ? 'ticket-standing ticket-standing-ended' : 'ticket-standing'}
        data-testid="ticket-status"
        data-status={ticket.status}
        role="status"
      >
        {standing(ticket)}
      </p>
      {ticket.emergency && (
        <p class="late">
          <Icon name="alert" />
          {m.ticket_emergency()}
        </p>
      )}
      {ticket.due_at && (
        <p>
          <TicketDue ticket={ticket} />
        </p>
      )}
      {ticket.awaiting_you && (
        <Notice kind="warning" title={m.ticket_question_title()} testId="awaiting-you">
          <p>
            {m.ticket_question_text()} <a href="#answer">{m.home_answer_action()}</a>
          </p>
        </Notice>
      )}
      {ended && ticket.result && (
        <Notice kind={ticket.outcome === 'done' ? 'good' : 'info'} title={m.ticket_result()} testId="result">
          <p class="entry-text">{ticket.result}</p>
        </Notice>
      )}
      {ticket.merged_into && (
        <p>
          {m.ticket_merged_into()} <a href={`/tickets/${ticket.merged_into}`}>{m.ticket_merged_link()}</a>
        </p>
      )}
      {ticket.stars !== null && (
        <p class="rated">
          <Stars count={ticket.stars} />
          {ticket.rating_text && <span class="entry-text">{ticket.rating_text}</span>}
        </p>
      )}
    </section>
  );
}

/** So many stars, and the number in words. */
export function Stars({ count }: { count: number }) {
  return (
    <span class="stars">
      {Array.from({ length: count }, (_, index) => (
        <Icon key={index} name="star" />
      ))}
      <span>{m.ticket_stars({ count })}</span>
    </span>
  );
}
