import type { Ticket } from '../../api/types';
import { standing } from '../../i18n/ticket-words';
import { askingOf } from '../../i18n/wanted-words';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { Stars } from './stars';
import { TicketDue } from './ticket-due';

/** How it stands, first of all; then what the reader has to do about it; then how it ended. */
export function TicketHead({ ticket }: { ticket: Ticket }) {
  const ended = ticket.status === 'reviewed';
  return (
    <section class="ticket-head" aria-label={m.ticket_status()}>
      <p
        class={ended && ticket.outcome === 'done' ? 'ticket-standing ticket-standing-done' : 'ticket-standing'}
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
        <Notice kind="warning" title={askingOf(ticket).title()} testId="awaiting-you">
          {ticket.question && <p class="entry-text">{ticket.question}</p>}
          <p>
            {m.ticket_question_text()} <a href="#answer">{askingOf(ticket).action()}</a>
          </p>
        </Notice>
      )}
      {ticket.wanted && !ticket.awaiting_you && (
        <Notice title={m.ticket_question_household()} testId="awaiting-reporter">
          {ticket.question && <p class="entry-text">{ticket.question}</p>}
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
