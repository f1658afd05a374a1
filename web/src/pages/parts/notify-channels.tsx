import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { ChannelAddress, ChannelOffer } from '../../api/types';
import { channelName } from '../../i18n/notice-channels';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Status } from '../../ui/facts';
import { later } from '../../ui/later';
import { Failed, Notice } from '../../ui/notice';
import { ChannelStanding, NotLinked } from './channel-standing';
import { NotifyPush, PushHint } from './notify-push';

const LinkDialog = later(() => import('./notify-link'));
const CodeDialog = later(() => import('./notify-code'));
const UnlinkDialog = later(() => import('./notify-unlink'));

interface Props {
  offers: ChannelOffer[];
  /** Asks the server anew: an address was linked or unlinked. */
  look: () => void;
  /** Says whether something is expected to happen elsewhere. */
  onWaiting: (waiting: boolean) => void;
}

interface Open {
  channel: ChannelOffer['channel'];
  /** The address that is to be unlinked; without one, another is linked. */
  address?: ChannelAddress;
}

/** The channels that the organisation uses: what of the reader is linked to each, and how that is changed. */
export function NotifyChannels({ offers, look, onWaiting }: Props) {
  const [open, setOpen] = useState<Open | null>(null);
  const [said, setSaid] = useState<{ count: number; text: string }>({ count: 0, text: '' });
  const offer = offers.find(({ channel }) => channel === open?.channel);
  const close = () => {
    setOpen(null);
    onWaiting(false);
  };
  const done = (text: string) => {
    close();
    setSaid(({ count }) => ({ count: count + 1, text }));
    look();
  };
  const begin = (wanted: Open, way: ChannelOffer['way']) => {
    setOpen(wanted);
    onWaiting(way === 'link' && !wanted.address);
  };
  return (
    <section class="section" aria-labelledby="channels">
      <h2 id="channels">{m.notify_channels()}</h2>
      {said.text && <Notice key={said.count} kind="good" title={said.text} focus testId="channel-said" />}
      {offers.length === 0 ? (
        <p class="muted">{m.notify_no_channels()}</p>
      ) : (
        <ul class="plain-rows">
          {offers.map((one) => (
            <Row
              key={one.channel}
              offer={one}
              onLink={() => begin({ channel: one.channel }, one.way)}
              onUnlink={(address) => begin({ channel: one.channel, address }, one.way)}
              onDone={done}
            />
          ))}
        </ul>
      )}
      {offer && open?.address && (
        <UnlinkDialog channel={offer.channel} address={open.address} onDone={done} onClose={close} />
      )}
      {offer?.way === 'link' && !open?.address && <LinkDialog offer={offer} onDone={done} onClose={close} />}
      {offer?.way === 'code' && !open?.address && <CodeDialog channel={offer.channel} onDone={done} onClose={close} />}
    </section>
  );
}

interface RowProps {
  offer: ChannelOffer;
  onLink: () => void;
  onUnlink: (address: ChannelAddress) => void;
  onDone: (text: string) => void;
}

function Row({ offer, onLink, onUnlink, onDone }: RowProps) {
  const { addresses } = offer;
  const channel = channelName(offer.channel);
  return (
    <li data-testid="channel-row" data-channel={offer.channel}>
      <div class="channel-state">
        <h3>{channel}</h3>
        {offer.way === 'card' ? (
          <Card address={addresses[0]} onDone={onDone} />
        ) : (
          addresses.length === 0 && <NotLinked />
        )}
        {offer.way !== 'card' && addresses.length > 0 && (
          <ul class="channel-addresses">
            {addresses.map((one) => (
              <li key={one.link_id}>
                <ChannelStanding address={one} />
                <button type="button" class="button button-quiet" onClick={() => onUnlink(one)}>
                  {m.notify_unlink()}
                  <span class="hidden">
                    : {channel} {one.shown}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {offer.way === 'subscription' && <PushHint publicKey={offer.public_key} />}
      </div>
      {offer.way === 'subscription' ? (
        <NotifyPush publicKey={offer.public_key} onDone={onDone} />
      ) : (
        offer.way !== 'card' && (
          <div>
            <button type="button" class="button" onClick={onLink}>
              {addresses.length > 0 ? m.notify_link_again({ channel }) : m.notify_link({ channel })}
            </button>
          </div>
        )
      )}
    </li>
  );
}

/** E-mail goes to the address of the register; what is kept of it here is only that it is off. */
function Card({ address, onDone }: { address: ChannelAddress | undefined; onDone: RowProps['onDone'] }) {
  const { email } = currentMe().person;
  const [problem, setProblem] = useState<Problem | null>(null);
  if (address?.state !== 'off') {
    return (
      <div>
        <Status kind="good">{m.notify_on()}</Status>
        <p class="muted small">{m.notify_email_where({ email })}</p>
      </div>
    );
  }
  // Nothing is kept of an address that is on.
  const params = { path: { channel: 'email' }, query: { link_id: address.link_id } };
  const again = () =>
    void unwrap(api.DELETE('/notifications/channels/{channel}', { params })).then(
      () => onDone(m.notify_email_on()),
      (error) => setProblem(Problem.of(error)),
    );
  return (
    <div>
      <ChannelStanding address={address} />
      <p class="small">
        <a href="/own-data">{m.notify_email_mend()}</a>
      </p>
      <button type="button" class="button button-quiet" onClick={again}>
        {m.notify_email_again()}
      </button>
      {problem && <Failed problem={problem} />}
    </div>
  );
}
