import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { ContractItem } from '../api/types';
import { contractTypeText } from '../i18n/contract-types';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { DateText, Money } from '../ui/money';
import { Page } from '../ui/page';
import { Search } from '../ui/search';
import { type Column, ListTable } from '../ui/table';
import { holderNames } from './parts/names';

function columns(staff: boolean): Column<ContractItem>[] {
  const all: (Column<ContractItem> | false)[] = [
    {
      id: 'number',
      header: m.contract_number(),
      head: true,
      cell: (row) => (
        <span>
          <a href={`/contracts/${row.contract_id}`}>{row.number}</a>
          <span class="note">{contractTypeText(row.type)}</span>
        </span>
      ),
    },
    staff && { id: 'holders', header: m.contract_holders(), cell: (row) => holderNames(row) },
    {
      id: 'unit',
      header: m.contract_unit(),
      cell: (row) => (row.unit ? `${row.unit.label}, ${row.unit.address}` : row.community.name),
    },
    {
      id: 'period',
      header: m.contract_period(),
      cell: (row) => (
        <span>
          <DateText on={row.starts_on} style="short" /> –{' '}
          {row.ends_on ? <DateText on={row.ends_on} style="short" /> : m.contract_open_ended()}
        </span>
      ),
    },
    !staff && { id: 'landlord', header: m.contract_landlord(), cell: (row) => row.landlord },
    !staff && {
      id: 'value',
      header: m.contract_value(),
      numeric: true,
      cell: (row) => <Money minor={row.value} currency={row.currency} />,
    },
    {
      id: 'debt',
      header: m.contract_debt(),
      numeric: true,
      cell: (row) => <Money minor={row.current_debt} currency={row.currency} strong={row.current_debt > 0} />,
    },
    !staff && {
      id: 'adviser',
      header: m.contract_adviser(),
      cell: (row) => row.adviser?.name,
    },
  ];
  return all.filter((column) => column !== false);
}

export default function Contracts() {
  const { query, route } = useLocation();
  const staff = isStaff();
  const q = staff ? (query.q ?? '') : '';
  const pages = usePages(`contracts ${q}`, (cursor) =>
    unwrap(api.GET('/contracts', { params: { query: { ...(q && { q }), ...(cursor && { cursor }) } } })),
  );
  const search = (wanted: string) => route(wanted ? `/contracts?q=${encodeURIComponent(wanted)}` : '/contracts', true);
  return (
    <Page wide title={staff ? m.contracts_register() : m.nav_contracts()}>
      {staff && (
        <Search key={q} label={m.contracts_search()} hint={m.contracts_search_hint()} value={q} onSearch={search} />
      )}
      <ListTable
        caption={m.nav_contracts()}
        hideCaption
        columns={columns(staff)}
        pages={pages}
        rowKey={(row) => row.contract_id}
        rowTestId="contract-row"
        empty={q ? m.search_nothing({ q }) : m.contracts_empty()}
      />
    </Page>
  );
}
