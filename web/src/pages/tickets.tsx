import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api } from '../api/client';
import { useFollowedPages } from '../api/following';
import type { TicketItem } from '../api/types';
import { standing } from '../i18n/ticket-words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Status } from '../ui/facts';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/loaded';
import { InstantText } from '../ui/money';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';
import { type Tab, Tabs } from '../ui/tabs';
import { TicketDue } from './parts/ticket-due';
import '../styles/tickets.css';

type Shown = 'open' | 'shut';

const KINDS: Partial<Record<TicketItem['status'], 'good' | 'part' | 'off' | 'plain'>> = {
  not_reviewed: 'plain',
  in_progress: 'part',
  reviewed: 'good',
};

const columns: () => Column<TicketItem>[] = () => [
  {
    id: 'subject',
    header: m.ticket_subject(),
    head: true,
    cell: (row) => (
      <span>
        <a href={`/tickets/${row.ticket_id}`}>{row.subject}</a>
        <span class="note">
          {row.number}
          {row.emergency && ` · ${m.ticket_emergency()}`}
        </span>
      </span>
    ),
  },
  {
    id: 'status',
    header: m.ticket_status(),
    cell: (row) => (
      <span>
        <Status kind={KINDS[row.status] ?? 'plain'}>{standing(row)}</Status>
        {row.awaiting_you && (
          <span class="note">
            <strong class="awaiting">{m.ticket_awaits_you()}</strong>
          </span>
        )}
        {row.due_at && !row.awaiting_you && (
          <span class="note">
            <TicketDue ticket={row} />
          </span>
        )}
      </span>
    ),
  },
  { id: 'changed', header: m.ticket_changed(), cell: (row) => <InstantText at={row.changed_at} /> },
];

/** What the reader and his household have reported, followed live. Staff have their queue. */
export default function Tickets() {
  const { route } = useLocation();
  const staff = isStaff();
  useEffect(() => {
    if (staff) route('/queue', true);
  }, [staff, route]);
  return staff ? <Skeleton lines={6} /> : <Own />;
}

function Own() {
  const { query } = useLocation();
  const tab: Shown = query.tab === 'shut' ? 'shut' : 'open';
  const pages = useFollowedPages<TicketItem>(`tickets ${tab}`, (headers, cursor) =>
    api.GET('/tickets', { params: { query: { status: tab, ...(cursor && { cursor }) } }, headers }),
  );
  const tabs: Tab<Shown>[] = [
    ['open', '/tickets', m.tickets_open()],
    ['shut', '/tickets?tab=shut', m.tickets_ended()],
  ];
  return (
    <Page
      wide
      title={m.nav_tickets()}
      lead={m.tickets_lead()}
      actions={
        <a class="button button-main" href="/tickets/new">
          <Icon name="plus" />
          {m.home_report()}
        </a>
      }
    >
      <Tabs tabs={tabs} at={tab} label={m.tickets_lists()} />
      <ListTable
        key={tab}
        caption={tab === 'open' ? m.tickets_open() : m.tickets_ended()}
        hideCaption
        columns={columns()}
        pages={pages}
        rowKey={(row) => row.ticket_id}
        rowTestId="ticket-row"
        empty={tab === 'open' ? m.tickets_none_open() : m.tickets_none_ended()}
      />
    </Page>
  );
}
