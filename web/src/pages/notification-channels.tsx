import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { ChannelSettings } from '../api/types';
import '../i18n/notice-codes';
import { channelName } from '../i18n/notice-channels';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { Status } from '../ui/facts';
import { later } from '../ui/later';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { NoticeTabs } from './parts/notice-tabs';
import '../styles/desk.css';
import '../styles/tickets.css';

const ChannelForm = later(() => import('./parts/channel-form'), 6);

/** By which channels the organisation reaches people, and its accounts with them. For administrators. */
export default function NotificationChannels() {
  return currentMe().roles.includes('administrator') ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const { query } = useLocation();
  const [saved, setSaved] = useState<{ channel: ChannelSettings; said: string }[]>([]);
  const loaded = useResource('notification channels', () => unwrap(api.GET('/notification-channels')));
  return (
    <LoadedPage of={loaded} title={m.channel_title()}>
      {({ channels }) => {
        // What was saved last is how it stands.
        const all = channels.map(
          (one) => saved.findLast(({ channel }) => channel.channel === one.channel)?.channel ?? one,
        );
        const shown = all.find((one) => one.channel === query.channel);
        if (!shown) return <List channels={all} />;
        const last = saved.at(-1);
        return (
          <Page
            key={shown.channel}
            title={channelName(shown.channel)}
            above={<a href="/notification-channels">{m.channel_all()}</a>}
            lead={<State channel={shown} />}
          >
            {last?.channel.channel === shown.channel && (
              <Notice key={saved.length} kind="good" title={last.said} focus testId="saved" />
            )}
            <ChannelForm
              key={`${shown.channel} ${shown.version} ${shown.former_secret_lives}`}
              settings={shown}
              onSaved={(channel, said) => setSaved([...saved, { channel, said }])}
              onReload={() => {
                setSaved([]);
                loaded.reload();
              }}
            />
          </Page>
        );
      }}
    </LoadedPage>
  );
}

function List({ channels }: { channels: ChannelSettings[] }) {
  return (
    <Page title={m.channel_title()} lead={m.channel_lead()}>
      <NoticeTabs at="channels" />
      <ul class="plain-rows">
        {channels.map((one) => (
          <li key={one.channel} data-testid="channel-settings" data-channel={one.channel}>
            <a class="row-link" href={`/notification-channels?channel=${one.channel}`}>
              {channelName(one.channel)}
            </a>
            <State channel={one} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

const State = ({ channel: { enabled } }: { channel: ChannelSettings }) =>
  enabled ? <Status kind="good">{m.notify_on()}</Status> : <Status kind="off">{m.channel_off()}</Status>;
