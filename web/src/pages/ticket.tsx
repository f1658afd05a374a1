import { useRef, useState } from 'preact/hooks';
import { lazy, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useFollowed } from '../api/following';
import { useResource } from '../api/resource';
import type { Ticket } from '../api/types';
import { date } from '../i18n/format';
import { DAY_PARTS, TICKET_TYPES } from '../i18n/ticket-words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Broken } from '../ui/boundary';
import { Facts, PrintButton } from '../ui/facts';
import { Icon } from '../ui/icon';
import { later } from '../ui/later';
import { Skeleton } from '../ui/loaded';
import { InstantText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { categoryName } from './parts/categories';
import type { Deed } from './parts/ticket-ended';
import { TicketHead } from './parts/ticket-head';
import { Withdrawal } from './parts/ticket-withdrawal';
import { Timeline } from './parts/timeline';
import '../styles/tickets.css';

// Residents do not load what staff work with.
const TicketDesk = lazy(() => import('./parts/ticket-desk').catch(() => ({ default: Broken })));

const TicketAnswer = later(() => import('./parts/ticket-answer'));
const TicketEnded = later(() => import('./parts/ticket-ended'));

/** One ticket: for residents a conversation; staff work on it at the same address. */
export default function TicketPage() {
  const ticket_id = useRoute().params.ticket_id ?? '';
  return isStaff() ? (
    <TicketDesk key={ticket_id} ticket_id={ticket_id} />
  ) : (
    <Followed key={ticket_id} ticket_id={ticket_id} />
  );
}

function Followed({ ticket_id }: { ticket_id: string }) {
  const { data, problem, look } = useFollowed<Ticket>(ticket_id, (headers) =>
    api.GET('/tickets/{ticket_id}', { params: { path: { ticket_id } }, headers }),
  );
  if (problem?.status === 404) return <NotFound />;
  if (!data) {
    return (
      <Page title={m.ticket_title_plain()} busy={!problem}>
        {problem ? <Failed problem={problem} retry={look} /> : <Skeleton lines={6} />}
      </Page>
    );
  }
  return <Conversation ticket={data} stale={problem !== null} look={look} />;
}

function Conversation({ ticket, stale, look }: { ticket: Ticket; stale: boolean; look: () => void }) {
  const [deed, setDeed] = useState<{ kind: Deed; count: number } | null>(null);
  const count = useRef(0);
  const done = (kind: Deed | null) => {
    count.current += 1;
    setDeed(kind && { kind, count: count.current });
    look();
  };
  const { abilities } = ticket;
  return (
    <Page
      title={ticket.subject}
      above={
        <>
          <a href="/tickets">{m.nav_tickets()}</a> · {ticket.number}
        </>
      }
      actions={
        <PrintButton>
          <Icon name="print" />
          {m.print_action()}
        </PrintButton>
      }
    >
      {stale && (
        <p class="muted small" role="status" data-testid="stale">
          {m.ticket_stale()}
        </p>
      )}
      {deed && (
        <Notice
          key={deed.count}
          kind="good"
          focus
          title={deed.kind === 'rated' ? m.ticket_rated_done() : m.ticket_reopened_done()}
          testId="saved"
        />
      )}
      <TicketHead ticket={ticket} />
      {(abilities.rate || abilities.reopen) && <TicketEnded ticket={ticket} onDone={done} />}
      <section class="section" aria-labelledby="timeline-title">
        <h2 id="timeline-title">{m.ticket_timeline()}</h2>
        <Timeline entries={ticket.timeline} />
      </section>
      {abilities.comment ? (
        <TicketAnswer ticket={ticket} onDone={() => done(null)} />
      ) : (
        abilities.reopen && <p class="muted no-print">{m.ticket_write_closed()}</p>
      )}
      <Details ticket={ticket} />
      {abilities.withdraw && <Withdrawal ticket={ticket} onDone={() => done(null)} />}
    </Page>
  );
}

function Details({ ticket }: { ticket: Ticket }) {
  const settings = useResource('ticket settings', () => unwrap(api.GET('/ticket-settings')));
  const category = settings.state === 'ready' ? categoryName(settings.data.categories, ticket.category) : '';
  return (
    <section class="section" aria-labelledby="details-title">
      <h2 id="details-title">{m.ticket_details()}</h2>
      <Facts
        items={[
          { label: m.ticket_number(), value: ticket.number },
          { label: m.ticket_reported_at(), value: <InstantText at={ticket.created_at} /> },
          { label: m.ticket_type(), value: TICKET_TYPES[ticket.type]() },
          category !== '' && { label: m.ticket_category(), value: category },
          {
            label: m.ticket_where(),
            value: [ticket.common_part ? m.ticket_in_common() : m.ticket_in_unit(), ticket.place]
              .filter(Boolean)
              .join(', '),
          },
          ticket.wished_times.length > 0 && {
            label: m.ticket_wished(),
            value: (
              <ul>
                {ticket.wished_times.map(({ day, part }) => (
                  <li key={`${day} ${part}`}>
                    {date(day)}, {DAY_PARTS[part ?? 'any']()}
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </section>
  );
}
