import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api } from '../api/client';
import { UNASKED, useFollowed } from '../api/following';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { unread } from '../session/unread';
import { Icon } from './icon';

const EVERY = 60_000;
const SHOWN = 99;

/** The way to what the reader was told, with how much of it he has not read. */
export function Bell() {
  const { path } = useLocation();
  const { data } = useFollowed(
    `bell ${currentMe().person.person_id}`,
    (headers) => api.GET('/notifications', { headers: { ...UNASKED, ...headers } }),
    EVERY,
  );
  useEffect(() => {
    if (data) unread.value = data.unread;
  }, [data]);
  useEffect(
    () => () => {
      unread.value = null;
    },
    [],
  );
  const count = unread.value ?? 0;
  return (
    <a
      class="bell"
      href="/notifications"
      aria-current={path === '/notifications' ? 'page' : undefined}
      aria-label={count === 0 ? m.notice_nav() : count > SHOWN ? m.notice_bell_many() : m.notice_bell_unread({ count })}
      data-testid="bell"
      data-unread={unread.value ?? undefined}
    >
      <Icon name="bell" />
      {count > 0 && (
        <span class="bell-count" aria-hidden="true">
          {count > SHOWN ? `${SHOWN}+` : count}
        </span>
      )}
    </a>
  );
}
