import type * as wire from '../src/api/types';
import { meterAnswers } from './meter-fixtures';
import { noticeAnswers, notices } from './notice-fixtures';
import { payDeskAnswers } from './pay-desk-fixtures';
import { readingAnswers } from './reading-fixtures';

/** Answers of the API in which every free text is marked with « », so that a test can tell data from words of the site. */
export const organisation: wire.Organisation = {
  organisation_id: 'org_1',
  slug: 'dom',
  name: '«organisation»',
  country: 'PL',
  locale: 'pl',
  currency: 'PLN',
  time_zone: 'Europe/Warsaw',
  theme: { accent: '#1f5f8b', logo_url: null, header_address: ['«street»'], email: '«e@mail»', phone: '«123»' },
  password_rules: { least_length: 12, digit: true, symbol: true, capital: true, small_letter: true },
  features: [],
};

export const me = (roles: string[]): wire.Me => ({
  person: { person_id: 'per_1', first_name: '«first»', last_name: '«last»', email: '«e@mail»', locale: 'pl' },
  roles,
  grants: [],
  organisation,
});

const contractItem: wire.ContractItem = {
  contract_id: 'con_1',
  number: '«number»',
  type: 'lease',
  starts_on: '2015-03-01',
  ends_on: null,
  landlord: '«landlord»',
  value: 120000,
  currency: 'PLN',
  current_debt: 4500,
  adviser: { name: '«adviser»', email: '«e@mail»', phone: '«123»' },
  unit: { unit_id: 'unt_1', label: '«label»', address: '«address»' },
  community: { community_id: 'com_1', name: '«community»' },
  holders: [{ person_id: 'per_1', name: '«holder»', role: 'tenant', starts_on: '2015-03-01', ends_on: null }],
};

const contract: wire.Contract = {
  ...contractItem,
  unit: {
    unit_id: 'unt_1',
    label: '«label»',
    address: '«address»',
    property: '«property»',
    floor_area_m2: '48.60',
    state: '«state»',
  },
  payment_references: [{ kind: 'mass_payment_id', value: '«reference»' }],
};

const account: wire.Account = {
  contract_id: 'con_1',
  currency: 'PLN',
  balance: 4500,
  due: 5500,
  overdue: 4500,
  credit: 1000,
  next_due: { date: '2026-12-10', amount: 1000 },
  purposes: [{ purpose: 'rent', charged: 10000, paid: 4500, due: 5500 }],
  as_of: '2026-11-22',
};

const instant = '2026-11-22T08:00:00Z';

const charge = {
  charge_id: 'chg_1',
  number: '«charge»',
  date: '2026-11-01',
  due_date: '2026-11-10',
  type: 'bank',
  purpose: 'rent',
  amount: 10000,
  open: 5500,
  status: 'part_paid',
  description: '«description»',
  recorded_at: instant,
} as wire.Charge;

const payment = {
  payment_id: 'pay_1',
  reference: '«reference»',
  value_date: '2026-11-09',
  booked_on: '2026-11-10',
  type: 'bank',
  amount: 4500,
  unallocated: 1000,
  returned: 500,
  status: 'part_returned',
  rebooked_from: 'pay_0',
  rebooked_to: null,
  recorded_at: instant,
} as wire.Payment;

/** An online payment that was paid twice; part of it went back. */
export const onlinePayment: wire.OnlinePayment = {
  payment_id: '«pay_9»',
  contract_id: 'con_1',
  payer_id: 'per_1',
  provider: 'autopay',
  state: 'part_refunded',
  amount: 5500,
  fee: 55,
  currency: 'PLN',
  charge_ids: ['chg_1'],
  created_at: instant,
  expires_at: instant,
  settled_on: '2026-11-22',
  refunded: 1000,
  double_payment_ids: ['pay_10'],
  double_of: [],
  doubled: 0,
  redirect: null,
  detail: null,
  refunds: [],
};

/** An account with something open, one payment under way, and ways of paying with each kind of fee. */
export const paymentOptions: wire.PaymentOptions = {
  contract_id: 'con_1',
  currency: 'PLN',
  due: 5500,
  open_items: { chg_1: 3500, chg_2: 2000 },
  providers: [
    {
      provider: 'autopay',
      fee: { kind: 'payer', fixed: 100, basis_points: 150, most: null },
      part_payment: true,
      due_fee: 183,
      email_needed: true,
    },
    {
      provider: 'stripe',
      fee: { kind: 'provider', fixed: 0, basis_points: 0, most: null },
      part_payment: false,
      due_fee: 0,
      email_needed: false,
    },
  ],
  under_way: [
    {
      payment_id: 'pay_9',
      provider: 'autopay',
      state: 'started',
      amount: 2000,
      charge_ids: ['chg_2'],
      expires_at: instant,
    },
  ],
};

const entry = {
  entry_id: 'pay_1',
  kind: 'payment',
  date: '2026-11-09',
  amount: -4500,
  number: null,
  purpose: null,
  reference: '«reference»',
  description: null,
  reverses: null,
  reversed_by: null,
  payment_id: null,
  cause: null,
  booked_on: '2026-11-10',
  recorded_at: instant,
} as wire.Entry;

const item: wire.OpenItem = {
  charge_id: 'chg_1',
  number: '«charge»',
  purpose: 'rent',
  date: '2026-11-01',
  due_date: '2026-11-10',
  amount: 10000,
  allocated: [
    {
      payment_id: 'pay_1',
      reference: '«reference»',
      value_date: '2026-11-09',
      amount: 4500,
      rule: 'designated',
      on: '2026-11-09',
    },
    { payment_id: null, reference: '', value_date: null, amount: 0, rule: 'earlier', on: '2026-11-09' },
    {
      payment_id: 'pay_1',
      reference: '«reference»',
      value_date: '2026-11-09',
      amount: -500,
      rule: 'refunded',
      on: '2026-11-12',
    },
  ],
  open: 6000,
};

const explanation: wire.Explanation = {
  contract_id: 'con_1',
  currency: 'PLN',
  on: '2026-11-22',
  balance: 4500,
  policy: 'pl-451',
  open_items: [item],
  credits: [
    {
      payment_id: 'pay_1',
      reference: '«reference»',
      value_date: '2026-11-09',
      amount: 5500,
      used: [{ charge_id: 'chg_1', number: '«charge»', amount: 4500, rule: 'designated', on: '2026-11-09' }],
      unallocated: 1000,
    },
  ],
  settled: [{ ...item, open: 0 }],
};

const bankStatement: wire.BankStatement = {
  import_id: 'imp_1',
  state: 'failed',
  name: '«file»',
  transactions: 4,
  matched: 1,
  unmatched: 1,
  duplicates: 1,
  ignored: 1,
  errors: [{ line: 17, code: 'invalid_amount' }],
  created_at: instant,
  first_import_id: null,
};

const transfer: wire.Transfer = {
  transfer_id: 'trf_1',
  import_id: 'imp_1',
  amount: 4500,
  currency: 'PLN',
  value_date: '2026-11-20',
  payer_name: '«payer»',
  payer_account: '«account»',
  title: '«title»',
  candidates: [{ contract_id: 'con_1', number: '«number»', score: 80, reasons: ['payer_account_and_amount'] }],
};

const personItem: wire.PersonItem = {
  person_id: 'per_1',
  name: '«name»',
  first_name: '«first»',
  last_name: '«last»',
  company: '',
  email: '«e@mail»',
  phone: '«123»',
  locale: 'pl',
};

const address = { street: '«street»', postal_code: '00-001', city: '«city»', country: 'PL' };

const person: wire.Person = {
  ...personItem,
  address,
  contracts: [
    {
      contract_id: 'con_1',
      number: '«number»',
      type: 'lease',
      role: 'tenant',
      unit: contractItem.unit,
      starts_on: '2015-03-01',
      ends_on: null,
    },
  ],
  mandates: [{ community: contractItem.community, role: 'board_member', starts_on: '2024-01-01', ends_on: null }],
};

const contact: wire.Contact = {
  person_id: 'per_1',
  first_name: '«first»',
  last_name: '«last»',
  company: '',
  phone: '«123»',
  email: '«e@mail»',
  address,
  version: 1,
};

const names = (name: string) => ({ en: `«${name}»`, pl: `«${name}»` });

export const ticketSettings: wire.TicketSettings = {
  categories: [
    {
      code: 'kitchen',
      names: names('kitchen'),
      types: ['technical', 'organisational'],
      children: [
        { code: 'kitchen_key', names: names('key') },
        {
          code: 'kitchen_water',
          names: names('water'),
          children: [
            { code: 'kitchen_leak', names: names('leak'), hint: names('valve') },
            { code: 'kitchen_tap', names: names('tap') },
          ],
        },
      ],
    },
    { code: 'something_else', names: names('else') },
  ],
  default_deadline: { amount: 5, unit: 'working_days' },
  emergency_deadline: { amount: 4, unit: 'hours' },
  working_time: { days: [1, 2, 3, 4, 5], from_hour: 8, to_hour: 16 },
  emergency_numbers: [{ names: names('emergency'), phone: '112' }],
  shared_in_household: true,
  tickets_a_day: 20,
  reopen_days: 14,
  close_after_days: 14,
  version: 1,
};

export const ticketItem: wire.TicketItem = {
  ticket_id: 'tkt_1',
  number: '2026/000017',
  type: 'technical',
  category: 'kitchen_leak',
  subject: '«subject»',
  status: 'reviewed',
  outcome: 'done',
  awaiting_you: true,
  wanted: 'document',
  emergency: true,
  common_part: true,
  due_at: instant,
  overdue: true,
  created_at: instant,
  changed_at: instant,
  contract_id: 'con_1',
  unit_id: 'unt_1',
  community_id: 'com_1',
  incident_id: null,
  reopened: 1,
  stars: 4,
  version: 3,
  reporter_id: null,
  assignee_id: null,
  supplier_id: null,
  channel: null,
};

const attachment = (kind: 'picture' | 'file'): wire.Attachment => ({
  attachment_id: `upl_${kind}`,
  name: `«${kind}»`,
  type: kind === 'picture' ? 'image/jpeg' : 'application/pdf',
  size: 1000,
  width: kind === 'picture' ? 800 : null,
  height: kind === 'picture' ? 600 : null,
  url: 'http://files.test/file',
  thumbnail_url: kind === 'picture' ? 'http://files.test/thumbnail.jpg' : null,
});

const happened = (
  kind: wire.TimelineEntry['kind'],
  role: wire.TimelineEntry['author']['role'],
  now: string | null = null,
): wire.TimelineEntry => ({
  entry_id: `ent_${kind}_${role}`,
  kind,
  at: instant,
  author: { role, mine: role === 'reporter', person_id: null },
  internal: false,
  text: kind === 'opened' || kind === 'commented' ? '«text»' : '',
  previous: null,
  now,
  attachments: kind === 'opened' ? [attachment('picture'), attachment('file')] : [],
});

/** A ticket in every state at once, so that a test sees all parts of its page. */
export const ticket: wire.Ticket = {
  ...ticketItem,
  description: '«text»',
  place: '«place»',
  wished_times: [{ day: '2026-11-24', part: 'morning' }],
  result: '«result»',
  question: '«question»',
  rating_text: '«rating»',
  merged_into: 'tkt_2',
  escalated_at: null,
  timeline: [
    happened('opened', 'reporter'),
    happened('commented', 'staff'),
    happened('commented', 'co_holder'),
    happened('status_changed', 'system', 'in_progress'),
    happened('type_changed', 'staff', 'financial'),
    happened('rated', 'reporter', '4'),
    happened('incident_updated', 'staff'),
  ],
  abilities: { statuses: [], comment: true, reopen: true, rate: true, withdraw: true },
};

export const incident: wire.Incident = {
  incident_id: 'inc_1',
  kind: 'outage',
  state: 'open',
  community_ids: ['com_1'],
  category: 'kitchen_leak',
  title: '«title»',
  text: '«text»',
  starts_at: instant,
  ends_at: instant,
  tickets: 2,
  updates: [{ update_id: 'ent_1', at: instant, text: '«update»', resolved: false }],
};

const list = <T>(...items: T[]) => ({ items, next_cursor: 'next' });

const staffItem: wire.TicketItem = {
  ...ticketItem,
  ticket_id: 'tkt_2',
  number: '2026/000018',
  status: 'accepted',
  outcome: null,
  awaiting_you: false,
  wanted: null,
  stars: null,
  incident_id: 'inc_1',
  reporter_id: 'per_1',
  assignee_id: 'per_2',
  supplier_id: 'per_3',
  channel: 'telephone',
};

const byStaff = (
  kind: wire.TimelineEntry['kind'],
  previous: string | null,
  now: string | null,
): wire.TimelineEntry => ({
  ...happened(kind, 'staff', now),
  entry_id: `ent_staff_${kind}`,
  author: { role: 'staff', mine: false, person_id: 'per_2' },
  previous,
});

/** An open ticket as staff see it, with every kind of entry that only they see. */
const staffTicket: wire.Ticket = {
  ...ticket,
  ...staffItem,
  merged_into: null,
  timeline: [
    ...ticket.timeline,
    { ...byStaff('commented', null, null), internal: true },
    byStaff('status_changed', 'new', 'accepted'),
    byStaff('assigned', null, 'per_2'),
    byStaff('supplier_assigned', null, 'per_3'),
    byStaff('category_changed', 'kitchen_tap', 'kitchen_leak'),
    byStaff('escalated', null, null),
  ],
  abilities: {
    statuses: ['in_progress', 'waiting_for_tenant', 'waiting_for_supplier', 'done', 'closed', 'declined'],
    comment: true,
    reopen: false,
    rate: false,
    withdraw: false,
  },
};

const staffStates: wire.TicketItem[] = [
  staffItem,
  {
    ...staffItem,
    ticket_id: 'tkt_3',
    status: 'new',
    assignee_id: null,
    overdue: false,
    due_at: '2099-01-01T08:00:00Z',
  },
  {
    ...staffItem,
    ticket_id: 'tkt_4',
    status: 'waiting_for_tenant',
    wanted: 'photo',
    due_at: null,
    overdue: false,
    emergency: false,
  },
];

/** What staff are answered in the place of `answers`. */
export const staffAnswers: Record<string, unknown> = {
  '/people/{person_id}/notifications': list(...notices),
  ...readingAnswers,
  ...payDeskAnswers,
  '/tickets': { items: staffStates, next_cursor: 'next' },
  '/tickets/{ticket_id}': staffTicket,
  '/incidents': { items: [incident], next_cursor: null },
  '/incidents/{incident_id}': incident,
  '/colleagues': {
    items: [{ person_id: 'per_2', first_name: '«first»', last_name: '«last»', roles: ['staff'] }],
    next_cursor: null,
  },
  '/communities': { items: [contractItem.community], next_cursor: null },
  '/people/names': { items: [{ person_id: 'per_1', name: '«name»' }] },
  '/ticket-desk': {
    answers: [{ title: '«answer»', text: '«text»' }],
    answers_version: 1,
    views: [{ name: '«view»', query: { assignee_id: 'me', overdue: true } }],
  },
};

export const answers: Record<string, unknown> = {
  ...meterAnswers,
  ...noticeAnswers,
  '/organisations/{slug}': organisation,
  '/notifications': { ...list(...notices), unread: 2 },
  '/contracts': list(contractItem),
  '/contracts/{contract_id}': contract,
  '/accounts/{contract_id}': account,
  '/accounts/{contract_id}/charges': list(charge),
  '/accounts/{contract_id}/payments': list(payment),
  '/accounts/{contract_id}/entries': list(entry),
  '/accounts/{contract_id}/explain': explanation,
  '/payment-options': paymentOptions,
  '/payments': list(onlinePayment),
  '/payments/{payment_id}': onlinePayment,
  '/bank-statements': list(bankStatement),
  '/bank-statements/{import_id}': bankStatement,
  '/unmatched-transfers': list(transfer),
  '/people': list(personItem),
  '/people/{person_id}': person,
  '/me/contact': contact,
  '/ticket-settings': ticketSettings,
  '/tickets': list(ticketItem),
  '/tickets/{ticket_id}': ticket,
  '/tickets/similar': { incidents: [incident], tickets: [ticketItem] } satisfies wire.Similar,
  '/imports/{import_id}': {
    import_id: 'imp_1',
    state: 'failed',
    rows: 3,
    done: 0,
    created: 0,
    changed: 0,
    unchanged: 0,
    errors: [{ file: '«file»', line: 7, field: '«field»', code: 'unknown_reference' }],
    more_errors: true,
    created_at: instant,
  } satisfies wire.PortfolioImport,
};
