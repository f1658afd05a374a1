import type * as wire from '../src/api/types';

const since = '2026-11-20T08:00:00Z';

/** One that leads somewhere, one of a kind that this version of the site does not know, and one that was read. */
export const notices: wire.NoticeItem[] = [
  {
    notice_id: 'ntc_3',
    kind: 'payment_settled',
    about: { contract_id: 'con_1' },
    values: { amount: 5500, currency: 'PLN', day: '2026-11-22' },
    created_at: since,
    read: false,
    deliveries: [{ channel: 'email', state: 'gone', at: since, code: '«bounce»', digest: true }],
  },
  { notice_id: 'ntc_2', kind: 'of_tomorrow', about: {}, values: {}, created_at: since, read: false, deliveries: [] },
  {
    notice_id: 'ntc_1',
    kind: 'contact_changed',
    about: {},
    values: {},
    created_at: since,
    read: true,
    deliveries: [],
  },
];

/** Each way to a channel; one address that is off, one of two, and none. */
export const channels: wire.ChannelOffer[] = [
  {
    channel: 'email',
    way: 'card',
    public_key: null,
    addresses: [{ link_id: 'e1', shown: '«a***@host»', state: 'off', code: '«bounce»', since }],
  },
  { channel: 'push', way: 'subscription', public_key: 'BKey', addresses: [] },
  {
    channel: 'telegram',
    way: 'link',
    public_key: null,
    addresses: [
      { link_id: 't1', shown: '', state: 'on', code: '', since },
      { link_id: 't2', shown: '', state: 'off', code: 'unlinked', since },
    ],
  },
  { channel: 'viber', way: 'link', public_key: null, addresses: [] },
  {
    channel: 'sms',
    way: 'code',
    public_key: null,
    addresses: [{ link_id: 's1', shown: '«+48***100»', state: 'on', code: '', since }],
  },
];

const ALL = channels.map(({ channel }) => channel);

export const wishes: wire.NoticeWishes = {
  muted: { window_opened: ['telegram'] },
  quiet_from: '22:00',
  quiet_to: '07:00',
  digest_at: '18:00',
  time_zone: 'Europe/Warsaw',
  own_time_zone: false,
  locale: 'pl',
  own_locale: false,
  kinds: [
    { kind: 'payment_due', nature: 'reminder', channels: ALL, may_be_muted: true },
    { kind: 'charge_posted', nature: 'transactional', channels: ['email'], may_be_muted: true },
    { kind: 'window_opened', nature: 'reminder', channels: ALL, may_be_muted: true },
    { kind: 'window_closing', nature: 'reminder', channels: ALL, may_be_muted: true },
    { kind: 'of_tomorrow', nature: 'news', channels: ['email'], may_be_muted: true },
    { kind: 'contract_ending', nature: 'statutory', channels: ALL, may_be_muted: false },
  ],
  version: 3,
};

export const channelSettings: wire.ChannelSettings[] = [
  {
    channel: 'telegram',
    enabled: true,
    fields: [
      { name: 'bot', secret: false, required: true, default: '', pattern: '[A-Za-z][A-Za-z0-9_]{3,30}' },
      { name: 'bot_token', secret: true, required: true, default: '', pattern: '[0-9]{3,20}:[A-Za-z0-9_-]{20,80}' },
      { name: 'transliterate', secret: false, required: true, default: 'yes', pattern: 'yes|no' },
    ],
    settings: { bot: 'dom_bot' },
    secrets_set: ['bot_token'],
    former_secret_lives: true,
    webhook_url: 'https://portal.example/hook',
    refused: 0,
    version: 4,
  },
];

export const templates: wire.NoticeTemplate[] = [
  {
    kind: 'payment_due',
    subject: '«Payment of 12 due in 7 days»',
    nature: 'reminder',
    to: 'parties',
    urgent: false,
    may_be_muted: true,
    ladder: [['push', 'telegram'], ['email'], ['sms']],
    values: ['amount', 'currency', 'days', 'day'],
  },
  {
    kind: 'incident_opened',
    subject: '«Outage»',
    nature: 'transactional',
    to: 'parties',
    urgent: true,
    may_be_muted: false,
    ladder: [['email', 'push', 'sms']],
    values: ['at'],
  },
];

export const preview: wire.NoticePreview = {
  kind: 'payment_due',
  locale: 'en',
  subject: '«Payment of 12 due in 7 days»',
  text: '«Your payment of 12 is due in 7 days.»',
  html: '<!doctype html><style>p { color: red; }</style><p>Your payment</p><a href="https://portal.example">Pay</a>',
  short: '«Due in 7 days.»',
  link: '«https://portal.example/pay»',
  sms: { text: '«Due in 7 days. 🏠»', encoding: 'UCS-2', parts: 1 },
};

/** To everybody, and to one community by somebody whose name is not known. */
export const news: wire.NewsItem[] = [
  {
    news_id: 'nws_2',
    title: '«New opening hours»',
    languages: ['pl', 'en'],
    community_ids: null,
    sent_by: 'per_1',
    sent_at: since,
    told: 412,
  },
  {
    news_id: 'nws_1',
    title: '«Lift»',
    languages: ['pl'],
    community_ids: ['com_1'],
    sent_by: 'per_9',
    sent_at: since,
    told: 0,
  },
];

export const reminderPolicy = {
  due: [7, 3, 0],
  overdue: [3, 14, 30],
  ending: [90, 30],
  closing: [],
  verification: [90, 30],
  per_second: 10,
  version: 0,
} satisfies wire.ReminderPolicy & { verification: number[] };

export const noticeAnswers: Record<string, unknown> = {
  '/people/{person_id}/channels': { channels, preferences: wishes },
  '/notification-channels/dead-addresses': {
    items: [{ person_id: 'per_1', name: '«name»', channel: 'email', shown: '«a***@host»', code: 'complaint', since }],
    next_cursor: null,
  },
  '/notification-templates': { templates },
  '/notification-templates/{kind}': preview,
  '/reminder-policy': reminderPolicy,
  '/news': { items: news, next_cursor: null },
  '/news/{news_id}': {
    news_id: 'nws_2',
    title: '«New opening hours»',
    text: '«Until six.»\n\n«Welcome!»',
    locale: 'pl',
    sent_at: since,
  },
  '/notification-channels': { channels: channelSettings },
  '/notifications/channels': { channels },
  '/notifications/preferences': wishes,
  '/unsubscribe/{token}': {
    kind: 'payment_due',
    organisation: '«organisation»',
    slug: 'dom',
    locale: 'pl',
    refused: false,
  },
};
