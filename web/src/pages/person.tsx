import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { Person } from '../api/types';
import { contractTypeText } from '../i18n/contract-types';
import { LANGUAGE_NAMES, supported } from '../i18n/languages';
import { roleText } from '../i18n/roles';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Facts } from '../ui/facts';
import { later } from '../ui/later';
import { LoadedPage } from '../ui/loaded';
import { DateText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { type Column, Table } from '../ui/table';

const Channels = later(() => import('./parts/person-channels'), 6);
const Notices = later(() => import('./parts/person-notices'), 6);

export default function PersonPage() {
  const person_id = useRoute().params.person_id ?? '';
  const person = useResource(`person ${person_id}`, () =>
    unwrap(api.GET('/people/{person_id}', { params: { path: { person_id } } })),
  );
  if (!isStaff()) return <NotFound />;
  return (
    <LoadedPage of={person} title={m.person_title_plain()}>
      {(loaded) => <Loaded person={loaded} />}
    </LoadedPage>
  );
}

function Until({ on }: { on: string | null | undefined }) {
  return on ? <DateText on={on} style="short" /> : <span>{m.contract_open_ended()}</span>;
}

function Loaded({ person }: { person: Person }) {
  const { address } = person;
  const lines = [address.street, [address.postal_code, address.city].filter(Boolean).join(' ')].filter(Boolean);
  const language = supported(person.locale);
  type Row = Person['contracts'][number];
  const columns: Column<Row>[] = [
    {
      id: 'number',
      header: m.contract_number(),
      head: true,
      cell: (row) => <a href={`/contracts/${row.contract_id}`}>{row.number}</a>,
    },
    { id: 'type', header: m.contract_type(), cell: (row) => contractTypeText(row.type) },
    { id: 'role', header: m.person_role(), cell: (row) => roleText(row.role) },
    { id: 'unit', header: m.contract_unit(), cell: (row) => row.unit && `${row.unit.label}, ${row.unit.address}` },
    { id: 'from', header: m.person_from(), cell: (row) => <DateText on={row.starts_on} style="short" /> },
    { id: 'until', header: m.person_until(), cell: (row) => <Until on={row.ends_on} /> },
  ];
  return (
    <Page wide title={person.name} above={<a href="/people">{m.people_register()}</a>}>
      <Facts
        items={[
          !!person.company && { label: m.person_company(), value: person.company },
          !!person.email && { label: m.email_label(), value: <a href={`mailto:${person.email}`}>{person.email}</a> },
          !!person.phone && { label: m.phone_label(), value: <a href={`tel:${person.phone}`}>{person.phone}</a> },
          lines.length > 0 && { label: m.person_address(), value: lines.join(', ') },
          language && { label: m.settings_language(), value: <span lang={language}>{LANGUAGE_NAMES[language]}</span> },
        ]}
      />
      <section class="section" aria-labelledby="contracts">
        <h2 id="contracts">{m.nav_contracts()}</h2>
        {person.contracts.length === 0 ? (
          <p class="muted">{m.person_no_contracts()}</p>
        ) : (
          <Table
            caption={m.nav_contracts()}
            hideCaption
            columns={columns}
            rows={person.contracts}
            rowKey={(row) => `${row.contract_id} ${row.role} ${row.starts_on}`}
          />
        )}
      </section>
      {person.mandates.length > 0 && (
        <section class="section" aria-labelledby="mandates">
          <h2 id="mandates">{m.person_mandates()}</h2>
          <ul class="plain-rows">
            {person.mandates.map((mandate) => (
              <li key={`${mandate.community.community_id} ${mandate.starts_on}`}>
                <span>
                  {roleText(mandate.role)}, {mandate.community.name}
                </span>
                <span class="muted">
                  <DateText on={mandate.starts_on} style="short" /> – <Until on={mandate.ends_on} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Channels person={person} />
      <Notices person_id={person.person_id} />
    </Page>
  );
}
