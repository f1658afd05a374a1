import { api, unwrap } from '../../api/client';
import { usePages } from '../../api/resource';
import type { NoticeItem } from '../../api/types';
import { deliveryState } from '../../i18n/delivery-words';
import { instant } from '../../i18n/format';
import { channelName } from '../../i18n/notice-channels';
import { noticeText } from '../../i18n/notice-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { InstantText } from '../../ui/money';
import { type Column, ListTable } from '../../ui/table';

const columns = (zone: string): Column<NoticeItem>[] => [
  {
    id: 'what',
    header: m.notify_log_what(),
    head: true,
    cell: (row) => (
      <span>
        {noticeText(row, zone)}
        <span class="note">{row.read ? m.notify_log_read() : m.notify_log_unread()}</span>
      </span>
    ),
  },
  { id: 'when', header: m.notify_log_when(), cell: (row) => <InstantText at={row.created_at} /> },
  {
    id: 'how',
    header: m.notify_log_how(),
    cell: ({ deliveries }) => (
      <ul>
        {deliveries.length === 0 && <li>{m.notify_log_inbox()}</li>}
        {deliveries.map((one) => (
          <li key={`${one.channel} ${one.at}`} data-testid="delivery" data-state={one.state}>
            {m.notify_by({ what: channelName(one.channel), channel: deliveryState(one.state) })}
            <span class="note">
              {instant(one.at, zone)}
              {one.digest && ` · ${m.notify_log_digest()}`}
              {one.code && ` · ${one.code}`}
            </span>
          </li>
        ))}
      </ul>
    ),
  },
];

/** What a person was told, newest first, and what became of it on each way to him. For the staff. */
export default function PersonNotices({ person_id }: { person_id: string }) {
  const path = { person_id };
  const pages = usePages<NoticeItem>(`told ${person_id}`, (cursor) =>
    unwrap(api.GET('/people/{person_id}/notifications', { params: { path, query: { ...(cursor && { cursor }) } } })),
  );
  return (
    <section class="section" aria-labelledby="told">
      <h2 id="told">{m.notify_log()}</h2>
      <ListTable
        caption={m.notify_log()}
        hideCaption
        columns={columns(currentMe().organisation.time_zone)}
        pages={pages}
        rowKey={(row) => row.notice_id}
        rowTestId="told-row"
        empty={m.notify_log_none()}
      />
    </section>
  );
}
