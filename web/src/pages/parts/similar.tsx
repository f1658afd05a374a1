import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import { instant } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Notice } from '../../ui/notice';

interface Props {
  contract_id: string;
  category: string;
  /** Whoever is in danger makes a report of his own. */
  joinable: boolean;
  busy: boolean;
  onJoin: (incident_id: string) => void;
}

/** It is only announced: what is reported now cannot be that. */
const ahead = ({ starts_at }: { starts_at: string }) => Date.parse(starts_at) > Date.now();

/** What may be the same thing, before it is reported twice. It is an offer: while it loads or when it fails, the report goes on without. */
export default function Similar({ contract_id, category, joinable, busy, onJoin }: Props) {
  const similar = useResource(`similar ${contract_id} ${category}`, () =>
    unwrap(api.GET('/tickets/similar', { params: { query: { contract_id, category } } })),
  );
  const zone = currentMe().organisation.time_zone;
  if (similar.state === 'loading') return <div aria-busy="true" />;
  if (similar.state === 'failed') return null;
  const { incidents, tickets } = similar.data;
  return (
    <>
      {incidents.map((incident) => (
        <Notice
          key={incident.incident_id}
          title={
            ahead(incident) ? m.report_announced({ title: incident.title }) : m.report_known({ title: incident.title })
          }
          testId="known-incident"
        >
          <p>{incident.updates.at(-1)?.text || incident.text}</p>
          <p class="muted small">
            {(ahead(incident) ? m.report_announced_from : m.report_known_since)({
              time: instant(incident.starts_at, zone),
            })}
            {incident.ends_at && `, ${m.report_known_until({ time: instant(incident.ends_at, zone) })}`}
          </p>
          {joinable && !ahead(incident) && (
            <button
              type="button"
              class="button"
              aria-disabled={busy}
              onClick={() => !busy && onJoin(incident.incident_id)}
            >
              {m.report_known_join()}
              <span class="hidden"> {incident.title}</span>
            </button>
          )}
        </Notice>
      ))}
      {tickets.length > 0 && (
        <Notice title={m.report_own()} testId="known-tickets">
          <p>{m.report_own_text()}</p>
          <ul>
            {tickets.map((ticket) => (
              <li key={ticket.ticket_id}>
                <a href={`/tickets/${ticket.ticket_id}`}>
                  {ticket.number} {ticket.subject}
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
