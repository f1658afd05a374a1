import { useId } from 'preact/hooks';
import type { ChannelOffer, NoticeWishes } from '../../api/types';
import { channelName } from '../../i18n/notice-channels';
import { m } from '../../paraglide/messages.js';
import { type Column, Table } from '../../ui/table';
import { comes, type Group, grouped, type Muted, switched } from './notify-groups';

type Channel = ChannelOffer['channel'];

interface Props {
  muted: Muted;
  kinds: NoticeWishes['kinds'];
  channels: Channel[];
  onChange: (muted: Muted) => void;
}

/** What comes by which channel. What cannot be refused is shown too, but not to be switched. */
export function NotifyTable({ muted, kinds, channels, onChange }: Props) {
  const cell = (group: Group, channel: Channel) => {
    const state = comes(muted, group, channel);
    if (state === 'never') {
      return (
        <span class="muted">
          <span aria-hidden="true">–</span>
          <span class="hidden">{m.notify_never()}</span>
        </span>
      );
    }
    if (group.fixed) return <span class="muted">{m.notify_always()}</span>;
    return (
      <Switch
        name={m.notify_by({ what: group.name, channel: channelName(channel) })}
        state={state}
        onChange={(on) => onChange(switched(muted, group, channel, on, kinds))}
      />
    );
  };
  const columns: Column<Group>[] = [
    {
      id: 'what',
      header: m.notify_kind(),
      head: true,
      cell: (group) => (
        <span>
          {group.name}
          {!group.fixed && channels.some((channel) => comes(muted, group, channel) === 'some') && (
            <span class="note">{m.notify_partly()}</span>
          )}
        </span>
      ),
    },
    ...channels.map((channel) => ({
      id: channel,
      header: channelName(channel),
      cell: (group: Group) => cell(group, channel),
    })),
  ];
  return (
    <Table
      caption={m.notify_what()}
      hideCaption
      columns={columns}
      rows={grouped(kinds)}
      rowKey={({ name }) => name}
      rowTestId="wish-row"
    />
  );
}

interface SwitchProps {
  name: string;
  state: 'all' | 'some' | 'none';
  onChange: (on: boolean) => void;
}

function Switch({ name, state, onChange }: SwitchProps) {
  const id = useId();
  return (
    <span class="notify-switch">
      <input
        id={id}
        type="checkbox"
        checked={state === 'all'}
        indeterminate={state === 'some'}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label class="hidden" for={id}>
        {name}
      </label>
    </span>
  );
}
