import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { DeadAddress } from '../api/types';
import { channelName } from '../i18n/notice-channels';
import { offReason } from '../i18n/off-words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { InstantText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';

/** Whom messages no longer reach at the address that the register has. */
export default function DeadAddresses() {
  return isStaff() ? <List /> : <NotFound />;
}

function List() {
  const pages = usePages('dead addresses', (cursor) =>
    unwrap(api.GET('/notification-channels/dead-addresses', { params: { query: { ...(cursor && { cursor }) } } })),
  );
  const columns: Column<DeadAddress>[] = [
    {
      id: 'name',
      header: m.person_name(),
      head: true,
      cell: (row) => <a href={`/people/${row.person_id}`}>{row.name}</a>,
    },
    {
      id: 'address',
      header: m.person_address(),
      cell: (row) => (
        <span>
          {row.shown}
          <span class="note">{channelName(row.channel)}</span>
        </span>
      ),
    },
    { id: 'reason', header: m.queue_reason(), cell: (row) => offReason(row.code) },
    { id: 'since', header: m.held_since(), cell: (row) => <InstantText at={row.since} /> },
  ];
  return (
    <Page wide title={m.dead_title()} lead={m.dead_lead()} above={<a href="/people">{m.people_register()}</a>}>
      <ListTable
        caption={m.dead_title()}
        hideCaption
        columns={columns}
        pages={pages}
        rowKey={(row) => `${row.person_id} ${row.channel}`}
        rowTestId="dead-row"
        empty={m.dead_none()}
      />
    </Page>
  );
}
