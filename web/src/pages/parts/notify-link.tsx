import { useEffect, useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { ChannelOffer } from '../../api/types';
import { instant } from '../../i18n/format';
import { channelName } from '../../i18n/notice-channels';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Dialog } from '../../ui/dialog';
import { LoadedPart } from '../../ui/loaded';
import { Notice } from '../../ui/notice';

interface Props {
  /** Asked for anew while this is open: a new address in it is what is waited for. */
  offer: ChannelOffer;
  onDone: (text: string) => void;
  onClose: () => void;
}

/** Links a messenger by a one-time address: opened on this device, or on another one by its QR code. */
export default function NotifyLink({ offer, onDone, onClose }: Props) {
  const channel = channelName(offer.channel);
  const path = { channel: offer.channel };
  const link = useResource(`link ${offer.channel}`, () =>
    unwrap(api.POST('/notifications/channels/{channel}/link', { params: { path }, body: {} })),
  );
  const on = offer.addresses.filter(({ state }) => state === 'on').map(({ link_id, since }) => `${link_id} ${since}`);
  const before = useRef(on);
  const come = on.some((one) => !before.current.includes(one));
  useEffect(() => {
    if (come) onDone(m.notify_link_done({ channel }));
  }, [come]);
  return (
    <Dialog title={m.notify_link({ channel })} onClose={onClose}>
      <LoadedPart of={link}>
        {({ url, qr, expires_at }) => (
          <>
            <p>{m.notify_link_how({ channel })}</p>
            {url && (
              <p>
                <a class="button button-main" href={url} target="_blank" rel="noopener noreferrer">
                  {m.notify_link_open({ channel })}
                </a>
              </p>
            )}
            {qr && (
              <svg class="qr" viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={m.notify_qr({ channel })}>
                <path d={qr.path} />
              </svg>
            )}
            {expires_at && <Waiting key={expires_at} channel={channel} until={expires_at} again={link.reload} />}
          </>
        )}
      </LoadedPart>
      <div class="form-actions">
        <button type="button" class="button" onClick={onClose}>
          {m.cancel_action()}
        </button>
      </div>
    </Dialog>
  );
}

/** Says what is waited for, and when it is too late for it. */
function Waiting({ channel, until, again }: { channel: string; until: string; again: () => void }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), new Date(until).getTime() - Date.now());
    return () => clearTimeout(timer);
  }, [until]);
  if (over) {
    return (
      <Notice kind="warning" title={m.notify_link_over()}>
        <button type="button" class="button button-quiet" onClick={again}>
          {m.try_again()}
        </button>
      </Notice>
    );
  }
  return (
    <p class="muted small" role="status">
      {m.notify_link_waiting({ channel })}{' '}
      {m.notify_link_until({ when: instant(until, currentMe().organisation.time_zone) })}
    </p>
  );
}
