import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { Ticket } from '../../api/types';
import { date } from '../../i18n/format';
import { CHANNELS } from '../../i18n/inner-words';
import { DAY_PARTS } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { Facts } from '../../ui/facts';
import { LoadedPart } from '../../ui/loaded';
import { contractName, holderNames } from './names';
import { At, Standing } from './ticket-marks';

/** Whose ticket it is, where, and what there was before. */
export default function TicketContext({ ticket }: { ticket: Ticket }) {
  const { contract_id, reporter_id } = ticket;
  const who = useResource(`who ${contract_id} ${reporter_id}`, async () => {
    const [contract, person] = await Promise.all([
      unwrap(api.GET('/contracts/{contract_id}', { params: { path: { contract_id } } })),
      reporter_id ? unwrap(api.GET('/people/{person_id}', { params: { path: { person_id: reporter_id } } })) : null,
    ]);
    return { contract, person };
  });
  const others = useResource(`others ${contract_id}`, () =>
    unwrap(api.GET('/tickets', { params: { query: { contract_id, status: 'all' } } })),
  );
  return (
    <>
      <section class="section" aria-labelledby={`who-${ticket.ticket_id}`}>
        <h2 id={`who-${ticket.ticket_id}`}>{m.queue_person()}</h2>
        <LoadedPart of={who} lines={5}>
          {({ contract, person }) => (
            <Facts
              items={[
                person && {
                  label: m.person_name(),
                  value: <a href={`/people/${person.person_id}`}>{person.name}</a>,
                },
                !!person?.phone && {
                  label: m.phone_label(),
                  value: <a href={`tel:${person.phone}`}>{person.phone}</a>,
                },
                !!person?.email && {
                  label: m.email_label(),
                  value: <a href={`mailto:${person.email}`}>{person.email}</a>,
                },
                {
                  label: m.contract_title_plain(),
                  value: <a href={`/contracts/${contract_id}`}>{contract.number}</a>,
                },
                { label: m.contract_unit(), value: contractName(contract) },
                { label: m.contract_community(), value: contract.community.name },
                !!contract.holders?.length && { label: m.contract_holders(), value: holderNames(contract) },
                !!ticket.place && { label: m.report_place(), value: ticket.place },
                ticket.wished_times.length > 0 && {
                  label: m.ticket_wished(),
                  value: (
                    <ul>
                      {ticket.wished_times.map((wish) => (
                        <li key={`${wish.day} ${wish.part}`}>
                          {date(wish.day)}, {DAY_PARTS[wish.part ?? 'any']()}
                        </li>
                      ))}
                    </ul>
                  ),
                },
                { label: m.ticket_reported_at(), value: <At iso={ticket.created_at} /> },
                !!ticket.channel && { label: m.queue_channel(), value: CHANNELS[ticket.channel]() },
              ]}
            />
          )}
        </LoadedPart>
      </section>
      <section class="section" aria-labelledby={`before-${ticket.ticket_id}`}>
        <h2 id={`before-${ticket.ticket_id}`}>{m.queue_others()}</h2>
        <LoadedPart of={others} lines={2}>
          {({ items }) => {
            const rest = items.filter((one) => one.ticket_id !== ticket.ticket_id);
            if (rest.length === 0) return <p class="muted">{m.queue_others_none()}</p>;
            return (
              <ul class="plain-rows">
                {rest.map((one) => (
                  <li key={one.ticket_id} data-testid="other-ticket">
                    <a href={`/tickets/${one.ticket_id}`}>{one.subject}</a>
                    <Standing ticket={one} />
                  </li>
                ))}
              </ul>
            );
          }}
        </LoadedPart>
      </section>
    </>
  );
}
