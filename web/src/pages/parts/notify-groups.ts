import type { NoticeWishes } from '../../api/types';
import { m } from '../../paraglide/messages.js';

export type Kind = NoticeWishes['kinds'][number];
/** By kind or nature, the channels that are not wanted for it. */
export type Muted = NoticeWishes['muted'];
type Channel = Kind['channels'][number];

/** What is switched on and off together. A kind that is none of these stands under "other". */
const GROUPS: readonly [name: () => string, kinds: readonly string[]][] = [
  [m.notify_group_due, ['payment_due']],
  [
    m.notify_group_payments,
    [
      'charge_posted',
      'payment_overdue',
      'payment_settled',
      'receipt_ready',
      'payment_failed',
      'payment_refunded',
      'payment_doubled',
    ],
  ],
  [m.notify_group_windows, ['window_opened', 'window_closing']],
  [m.notify_group_readings, ['reading_held', 'reading_accepted', 'reading_rejected', 'meter_replaced']],
  [m.notify_group_tickets, ['ticket_opened', 'ticket_changed', 'ticket_asked', 'ticket_answered']],
  [m.notify_group_works, ['work_planned']],
  [m.notify_group_news, ['newsletter']],
  [m.notify_group_access, ['access_granted']],
  [
    m.notify_group_staff,
    [
      'staff_unmatched',
      'staff_payment_refunded',
      'staff_payment_doubled',
      'staff_ticket_overdue',
      'staff_reading_held',
      'staff_verification_expiring',
      'staff_channel_failed',
      'staff_unreached',
      'staff_more_unreached',
    ],
  ],
];

export interface Group<K = Kind> {
  name: string;
  kinds: K[];
  /** What the law or an emergency demands; it cannot be switched off. */
  fixed: boolean;
}

/** Kinds in groups; those without any are left out. */
export function grouped<K extends Pick<Kind, 'kind' | 'may_be_muted'>>(kinds: readonly K[]): Group<K>[] {
  const free = kinds.filter((one) => one.may_be_muted);
  const known = new Set(GROUPS.flatMap(([, names]) => names));
  return [
    ...GROUPS.map(([name, names]) => ({
      name: name(),
      kinds: free.filter(({ kind }) => names.includes(kind)),
      fixed: false,
    })),
    { name: m.notify_group_other(), kinds: free.filter(({ kind }) => !known.has(kind)), fixed: false },
    { name: m.notify_group_always(), kinds: kinds.filter((one) => !one.may_be_muted), fixed: true },
  ].filter((group) => group.kinds.length > 0);
}

const isMuted = (muted: Muted, { kind, nature }: Kind, channel: Channel): boolean =>
  [kind, nature].some((name) => muted[name]?.includes(channel));

/** Whether a group comes by a channel: all of it that is ever sent there, nothing, or some; never where none of it is. */
export function comes(muted: Muted, { kinds }: Group, channel: Channel): 'all' | 'some' | 'none' | 'never' {
  const sent = kinds.filter((one) => one.channels.includes(channel));
  if (sent.length === 0) return 'never';
  const off = sent.filter((one) => isMuted(muted, one, channel)).length;
  return off === 0 ? 'all' : off === sent.length ? 'none' : 'some';
}

/** The same with a group switched on or off for a channel. `all` are the kinds that there are. */
export function switched(muted: Muted, group: Group, channel: Channel, on: boolean, all: readonly Kind[]): Muted {
  const now = { ...muted };
  const put = (name: string, off: boolean) => {
    const others = (now[name] ?? []).filter((one) => one !== channel);
    const left = off ? [...others, channel] : others;
    if (left.length > 0) now[name] = left;
    else delete now[name];
  };
  // A whole nature that was refused is refused kind by kind from here on, so that one group of it can be wanted.
  for (const nature of new Set(group.kinds.map((one) => one.nature))) {
    if (!on || !now[nature]?.includes(channel)) continue;
    put(nature, false);
    for (const one of all) if (one.nature === nature) put(one.kind, true);
  }
  for (const { kind } of group.kinds) put(kind, !on);
  return now;
}
