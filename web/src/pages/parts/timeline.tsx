import type { TimelineEntry } from '../../api/types';
import { entryText } from '../../i18n/ticket-entries';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { InstantText } from '../../ui/money';
import { Attachments } from './attachments';

type Author = TimelineEntry['author'];

/** Who it was, as a resident reads it: staff speak for the organisation. */
export function authorName(author: Author): string {
  if (author.mine) return m.ticket_by_you();
  if (author.role === 'staff') return currentMe().organisation.name;
  if (author.role === 'system') return m.ticket_by_system();
  return author.role === 'reporter' ? m.ticket_by_reporter() : m.ticket_by_household();
}

interface Props {
  entries: readonly TimelineEntry[];
  /** Staff put names in the place of the organisation. */
  nameOf?: (author: Author) => string;
  /** Words for an entry in the place of the general ones; null: the general ones. */
  words?: (entry: TimelineEntry) => string | null;
}

/** What happened, in order: what people wrote stands as in a conversation, what changed is a line between. New entries are read out. */
export function Timeline({ entries, nameOf = authorName, words }: Props) {
  return (
    <div role="log" aria-label={m.ticket_timeline()}>
      <ol class="timeline">
        {entries.map((entry) => {
          const said = entry.text !== '' || entry.attachments.length > 0;
          const side = entry.author.mine ? 'entry-mine' : entry.author.role === 'staff' ? 'entry-staff' : '';
          return (
            <li
              key={entry.entry_id}
              class={['entry', said ? 'entry-said' : 'entry-line', side, entry.internal ? 'entry-internal' : '']
                .filter(Boolean)
                .join(' ')}
              data-testid="entry"
              data-kind={entry.kind}
            >
              <p class="entry-head">
                <strong>{nameOf(entry.author)}</strong>
                <span>{words?.(entry) ?? entryText(entry)}</span>
                {entry.internal && <span class="entry-mark">{m.ticket_internal()}</span>}
                <InstantText at={entry.at} />
              </p>
              {entry.text && <p class="entry-text">{entry.text}</p>}
              <Attachments items={entry.attachments} />
            </li>
          );
        })}
      </ol>
    </div>
  );
}
