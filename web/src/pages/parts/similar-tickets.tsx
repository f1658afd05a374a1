import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import { m } from '../../paraglide/messages.js';
import { LoadedPart } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Tick } from './select';
import { At, Standing } from './ticket-marks';

interface Props {
  contract_id: string;
  category: string;
  incident: string | null;
  onIncident: (incident_id: string | null) => void;
}

/** What may be the same thing, before it is entered once more: open incidents to belong to, open tickets to look at. */
export function SimilarTickets({ contract_id, category, incident, onIncident }: Props) {
  const similar = useResource(`similar ${contract_id} ${category}`, () =>
    unwrap(api.GET('/tickets/similar', { params: { query: { contract_id, category } } })),
  );
  return (
    <LoadedPart of={similar} lines={2}>
      {({ incidents, tickets }) =>
        incidents.length + tickets.length === 0 ? null : (
          <Notice kind="warning" title={m.queue_similar()} testId="similar">
            {incidents.map((one) => (
              <Tick
                key={one.incident_id}
                label={m.queue_similar_incident({ title: one.title })}
                checked={incident === one.incident_id}
                onChange={(on) => onIncident(on ? one.incident_id : null)}
              />
            ))}
            <ul>
              {tickets.map((one) => (
                <li key={one.ticket_id}>
                  <a href={`/tickets/${one.ticket_id}`} target="_blank" rel="noopener">
                    {one.subject}
                  </a>{' '}
                  <span class="figures">{one.number}</span> <Standing ticket={one} /> <At iso={one.created_at} />
                </li>
              ))}
            </ul>
          </Notice>
        )
      }
    </LoadedPart>
  );
}
