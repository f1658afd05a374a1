import { useState } from 'preact/hooks';
import { api, unwrap } from '../api/client';
import { UNASKED, useFollowed } from '../api/following';
import { useResource } from '../api/resource';
import '../i18n/notice-codes';
import { m } from '../paraglide/messages.js';
import { LoadedPart, Skeleton } from '../ui/loaded';
import { Failed } from '../ui/notice';
import { Page } from '../ui/page';
import { NotifyChannels } from './parts/notify-channels';
import { NotifyWishes } from './parts/notify-wishes';
import '../styles/tickets.css';
import '../styles/notifications.css';

const EVERY = 60_000;
/** While the reader is in a messenger, to link it. */
const SOON = 3000;

/** Where the reader is reached, by what, and when. */
export default function NotificationSettings() {
  const [waiting, setWaiting] = useState(false);
  const { data, problem, look } = useFollowed(
    'notification channels',
    (headers) => api.GET('/notifications/channels', { headers: { ...UNASKED, ...headers } }),
    waiting ? SOON : EVERY,
  );
  const wishes = useResource('notification preferences', () => unwrap(api.GET('/notifications/preferences')));
  return (
    <Page wide title={m.notice_settings()} lead={m.notify_lead()} above={<a href="/notifications">{m.notice_nav()}</a>}>
      {data ? (
        <>
          <NotifyChannels offers={data.channels} look={look} onWaiting={setWaiting} />
          {data.channels.length > 0 && (
            <LoadedPart of={wishes} lines={6}>
              {(loaded) => <NotifyWishes wishes={loaded} channels={data.channels.map(({ channel }) => channel)} />}
            </LoadedPart>
          )}
        </>
      ) : problem ? (
        <Failed problem={problem} retry={look} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  );
}
