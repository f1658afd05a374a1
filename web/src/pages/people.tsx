import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { PersonItem } from '../api/types';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { Search } from '../ui/search';
import { type Column, ListTable } from '../ui/table';

export default function People() {
  return isStaff() ? <Register /> : <NotFound />;
}

function Register() {
  const { query, route } = useLocation();
  const q = query.q ?? '';
  const pages = usePages(`people ${q}`, (cursor) =>
    unwrap(api.GET('/people', { params: { query: { ...(q && { q }), ...(cursor && { cursor }) } } })),
  );
  const columns: Column<PersonItem>[] = [
    {
      id: 'name',
      header: m.person_name(),
      head: true,
      cell: (row) => <a href={`/people/${row.person_id}`}>{row.name}</a>,
    },
    {
      id: 'email',
      header: m.email_label(),
      cell: (row) => row.email && <a href={`mailto:${row.email}`}>{row.email}</a>,
    },
    { id: 'phone', header: m.phone_label(), cell: (row) => row.phone && <a href={`tel:${row.phone}`}>{row.phone}</a> },
  ];
  const search = (wanted: string) => route(wanted ? `/people?q=${encodeURIComponent(wanted)}` : '/people', true);
  return (
    <Page
      wide
      title={m.people_register()}
      actions={
        <a class="button" href="/dead-addresses">
          {m.dead_title()}
        </a>
      }
    >
      <Search key={q} label={m.people_search()} hint={m.people_search_hint()} value={q} onSearch={search} />
      <ListTable
        caption={m.people_register()}
        hideCaption
        columns={columns}
        pages={pages}
        rowKey={(row) => row.person_id}
        rowTestId="person-row"
        empty={q ? m.search_nothing({ q }) : m.people_empty()}
      />
    </Page>
  );
}
