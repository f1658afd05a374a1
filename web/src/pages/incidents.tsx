import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { Incident } from '../api/types';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Icon } from '../ui/icon';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';
import { useCommunities } from './parts/desk-data';
import { INCIDENT_KINDS } from './parts/incident-words';
import { At } from './parts/ticket-marks';

export default function Incidents() {
  return isStaff() ? <List /> : <NotFound />;
}

function List() {
  const pages = usePages('incidents', (cursor) =>
    unwrap(api.GET('/incidents', { params: { query: cursor ? { cursor } : {} } })),
  );
  const communities = useCommunities();
  const columns: Column<Incident>[] = [
    {
      id: 'title',
      header: m.incident_title(),
      head: true,
      cell: (row) => (
        <span>
          <a href={`/incidents/${row.incident_id}`}>{row.title}</a>
          <span class="note">{INCIDENT_KINDS[row.kind]()}</span>
        </span>
      ),
    },
    {
      id: 'where',
      header: m.incident_where(),
      cell: (row) => row.community_ids.map((id) => communities.get(id) ?? '').join(', '),
    },
    { id: 'from', header: m.incident_starts(), cell: (row) => <At iso={row.starts_at} /> },
    {
      id: 'until',
      header: m.incident_ends(),
      cell: (row) => (row.ends_at ? <At iso={row.ends_at} /> : m.incident_ends_unknown()),
    },
    {
      id: 'tickets',
      header: m.incident_tickets(),
      numeric: true,
      cell: (row) => <span class="figures">{row.tickets}</span>,
    },
  ];
  return (
    <Page
      wide
      title={m.incident_list()}
      lead={m.incident_lead()}
      actions={
        <a class="button button-main" href="/incidents/new">
          <Icon name="plus" />
          {m.incident_new()}
        </a>
      }
    >
      <ListTable
        caption={m.incident_list()}
        hideCaption
        columns={columns}
        pages={pages}
        rowKey={(row) => row.incident_id}
        rowTestId="incident-row"
        empty={m.incident_list_empty()}
      />
    </Page>
  );
}
