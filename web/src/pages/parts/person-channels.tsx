import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { ChannelOffer, NoticeWishes, Person } from '../../api/types';
import { LANGUAGE_NAMES } from '../../i18n/languages';
import { channelName } from '../../i18n/notice-channels';
import { m } from '../../paraglide/messages.js';
import { Facts, Status } from '../../ui/facts';
import { LoadedPart } from '../../ui/loaded';
import { ChannelStanding, NotLinked } from './channel-standing';
import { comes, grouped } from './notify-groups';
import '../../styles/notifications.css';

/** Where a person is reached, and what he has chosen; the staff see it, and he alone changes it. */
export default function PersonChannels({ person: { person_id, email } }: { person: Person }) {
  const reached = useResource(`channels ${person_id}`, () =>
    unwrap(api.GET('/people/{person_id}/channels', { params: { path: { person_id } } })),
  );
  return (
    <>
      <section class="section" aria-labelledby="reached">
        <h2 id="reached">{m.person_channels()}</h2>
        <LoadedPart of={reached} lines={4}>
          {({ channels }) =>
            channels.length === 0 ? (
              <p class="muted">{m.person_no_channels()}</p>
            ) : (
              <ul class="plain-rows">
                {channels.map((one) => (
                  <Row key={one.channel} offer={one} email={email} />
                ))}
              </ul>
            )
          }
        </LoadedPart>
      </section>
      {reached.state === 'ready' && <Wishes wishes={reached.data.preferences} />}
    </>
  );
}

function Row({ offer: { channel, way, addresses }, email }: { offer: ChannelOffer; email: string | null }) {
  return (
    <li data-testid="person-channel" data-channel={channel}>
      <div class="channel-state">
        <h3>{channelName(channel)}</h3>
        {addresses.map((one) => (
          <ChannelStanding key={one.link_id} address={one} />
        ))}
        {addresses.length === 0 && (way === 'card' ? <Card email={email} /> : <NotLinked />)}
        {way === 'card' && addresses.length > 0 && <p class="small">{m.person_email_dead()}</p>}
      </div>
    </li>
  );
}

/** The register's address is used as long as nothing is said against it. */
function Card({ email }: { email: string | null }) {
  return email ? <Status kind="good">{m.notify_on()}</Status> : <Status kind="bad">{m.person_no_email()}</Status>;
}

function Wishes({ wishes }: { wishes: NoticeWishes }) {
  const { quiet_from, quiet_to, digest_at, locale, time_zone, own_time_zone } = wishes;
  const refused = refusals(wishes);
  return (
    <section class="section" aria-labelledby="chosen">
      <h2 id="chosen">{m.person_wishes()}</h2>
      <p class="hint">{m.person_wishes_hint()}</p>
      <Facts
        items={[
          { label: m.notify_locale(), value: <span lang={locale}>{LANGUAGE_NAMES[locale]}</span> },
          {
            label: m.notify_quiet(),
            value: quiet_from === quiet_to ? m.person_quiet_none() : `${quiet_from}–${quiet_to}`,
          },
          { label: m.person_digest(), value: digest_at ?? m.person_digest_none() },
          own_time_zone && { label: m.notify_zone(), value: time_zone },
          {
            label: m.person_refused(),
            value:
              refused.length === 0 ? (
                m.person_refused_none()
              ) : (
                <ul data-testid="person-refused">
                  {refused.map(({ name, channels }) => (
                    <li key={name}>{m.notify_by({ what: name, channel: channels.join(', ') })}</li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </section>
  );
}

/** Of each group of messages the channels by which it does not come, in words. */
function refusals({ muted, kinds }: NoticeWishes): { name: string; channels: string[] }[] {
  return grouped(kinds)
    .filter(({ fixed }) => !fixed)
    .map((group) => {
      const used = [...new Set(group.kinds.flatMap(({ channels }) => channels))];
      const channels = used.flatMap((one) => {
        const state = comes(muted, group, one);
        const channel = channelName(one);
        return state === 'none' ? [channel] : state === 'some' ? [m.person_refused_partly({ channel })] : [];
      });
      return { name: group.name, channels };
    })
    .filter(({ channels }) => channels.length > 0);
}
