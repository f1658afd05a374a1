import type { Ticket, TimelineEntry } from '../../api/types';
import '../../i18n/desk-entries';
import { statusText } from '../../i18n/desk-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { problemsOf } from './categories';
import { type DeskData, nameOfPerson } from './desk-data';
import { Timeline } from './timeline';

/** What was said and what was changed, in order and by whom. */
export default function TicketTalk({ ticket, data }: { ticket: Ticket; data: DeskData }) {
  const id = `talk-${ticket.ticket_id}`;
  return (
    <section class="section" aria-labelledby={id}>
      <h2 id={id}>{m.queue_conversation()}</h2>
      <Timeline entries={ticket.timeline} nameOf={authorName} words={wordsWith(data)} />
    </section>
  );
}

/** Who it was: staff see names. */
function authorName(author: TimelineEntry['author']): string {
  if (author.mine) return m.ticket_by_you();
  if (author.role === 'system') return m.ticket_by_system();
  return (
    nameOfPerson(author.person_id) || (author.role === 'staff' ? currentMe().organisation.name : m.queue_resident())
  );
}

/** What staff read of a change beyond the general words: from what to what. */
const wordsWith =
  (data: DeskData) =>
  ({ kind, previous, now }: TimelineEntry): string | null => {
    if (kind === 'status_changed' && previous && now) {
      return m.queue_entry_status({ from: statusText(previous), to: statusText(now) });
    }
    if (kind === 'assigned') {
      return now ? m.queue_entry_assigned({ name: nameOfPerson(now) }) : m.queue_entry_unassigned();
    }
    if (kind === 'supplier_assigned' && now) return m.queue_entry_supplier({ name: nameOfPerson(now) });
    if (kind === 'category_changed' && now) {
      const found = problemsOf(data.settings.categories).find((one) => one.code === now);
      return m.queue_entry_category({ name: found?.path ?? now });
    }
    return null;
  };
