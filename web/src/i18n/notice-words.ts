import type { NoticeItem } from '../api/types';
import { m } from '../paraglide/messages.js';
import { date, instant, money } from './format';
import { MEDIA, type Medium } from './meter-words';
import { channelName } from './notice-channels';
import { type Role, roleText } from './roles';
import { PUBLIC_STATUS, type PublicStatus } from './ticket-words';
import type { Wanted } from './wanted-words';
import { type Purpose, purposeText } from './words';

/** What a notice is made of, ready to be read. A notice is read long after it was said: it names days and never counts them. */
class Said {
  constructor(
    private readonly values: NoticeItem['values'],
    private readonly zone: string,
  ) {}

  text = (name: string): string => String(this.values[name] ?? '');
  day = (name = 'day'): string => date(this.text(name));
  at = (): string => instant(this.text('at'), this.zone);
  money = (): string => money(Number(this.values.amount), this.text('currency'));
}

type Words = (said: Said) => string;

const went: Words = (said) => {
  const back = { amount: said.money(), day: said.day() };
  return said.text('cause') === 'chargeback' ? m.notice_payment_charged_back(back) : m.notice_payment_refunded(back);
};
const ASKED: Record<Wanted, (report: { number: string }) => string> = {
  answer: m.notice_ticket_asked_answer,
  document: m.notice_ticket_asked_document,
  photo: m.notice_ticket_asked_photo,
};
const medium = (said: Said): string => MEDIA[said.text('medium') as Medium]();

/** Of each kind its words and the page that it leads to; what stands in braces is in the notice's `about`. */
export const NOTICES: Record<string, readonly [words: Words, page: string]> = {
  charge_posted: [
    (said) =>
      m.notice_charge_posted({
        purpose: purposeText(said.text('purpose') as Purpose),
        amount: said.money(),
        day: said.day(),
      }),
    '/accounts/{contract_id}',
  ],
  payment_due: [
    (said) => m.notice_payment_due({ amount: said.money(), day: said.day() }),
    '/accounts/{contract_id}/pay',
  ],
  payment_overdue: [
    (said) => m.notice_payment_overdue({ amount: said.money(), day: said.day() }),
    '/accounts/{contract_id}/pay',
  ],
  payment_settled: [
    (said) => m.notice_payment_settled({ amount: said.money(), day: said.day() }),
    '/accounts/{contract_id}',
  ],
  receipt_ready: [
    (said) => m.notice_receipt_ready({ amount: said.money(), day: said.day() }),
    '/payments/{payment_id}',
  ],
  payment_failed: [m.notice_payment_failed, '/payments/{payment_id}'],
  payment_refunded: [went, '/payments/{payment_id}'],
  payment_doubled: [(said) => m.notice_payment_doubled({ amount: said.money() }), '/accounts/{contract_id}'],
  window_opened: [(said) => m.notice_window_opened({ medium: medium(said), last: said.day('last') }), '/meters'],
  window_closing: [(said) => m.notice_window_closing({ medium: medium(said), last: said.day('last') }), '/meters'],
  reading_held: [(said) => m.notice_reading_held({ day: said.day() }), '/meters/{meter_id}'],
  reading_accepted: [(said) => m.notice_reading_accepted({ day: said.day() }), '/meters/{meter_id}'],
  reading_rejected: [(said) => m.notice_reading_rejected({ day: said.day() }), '/meters/{meter_id}'],
  meter_replaced: [
    (said) => m.notice_meter_replaced({ number: said.text('number'), day: said.day() }),
    '/meters/{meter_id}',
  ],
  ticket_opened: [(said) => m.notice_ticket_opened({ number: said.text('number') }), '/tickets/{ticket_id}'],
  ticket_changed: [
    (said) => m.notice_ticket_changed({ status: PUBLIC_STATUS[said.text('status') as PublicStatus]() }),
    '/tickets/{ticket_id}',
  ],
  ticket_asked: [
    (said) => ASKED[said.text('wanted') as Wanted]({ number: said.text('number') }),
    '/tickets/{ticket_id}',
  ],
  ticket_answered: [m.notice_ticket_answered, '/tickets/{ticket_id}'],
  incident_opened: [(said) => m.notice_incident_opened({ at: said.at() }), '/tickets/new'],
  work_planned: [(said) => m.notice_work_planned({ at: said.at() }), '/tickets/new'],
  contract_ending: [
    (said) => m.notice_contract_ending({ number: said.text('number'), day: said.day() }),
    '/contracts/{contract_id}',
  ],
  contact_changed: [m.notice_contact_changed, '/own-data'],
  new_sign_in: [
    (said) => m.notice_new_sign_in({ device: said.text('device') || m.notice_unknown_device(), at: said.at() }),
    '/own-data/password',
  ],
  access_granted: [(said) => m.notice_access_granted({ role: roleText(said.text('role') as Role) }), '/'],
  newsletter: [(said) => said.text('title') || m.notice_other(), '/news/{news_id}'],
  staff_unmatched: [m.notice_staff_unmatched, '/unmatched-transfers'],
  staff_payment_refunded: [went, '/payments/{payment_id}'],
  staff_payment_doubled: [(said) => m.notice_staff_payment_doubled({ amount: said.money() }), '/payments/{payment_id}'],
  staff_ticket_overdue: [(said) => m.notice_staff_ticket_overdue({ at: said.at() }), '/tickets/{ticket_id}'],
  staff_reading_held: [m.notice_staff_reading_held, '/held-readings'],
  staff_verification_expiring: [
    (said) =>
      m.notice_staff_verification_expiring({
        day: said.day(),
        meters: said.text('meters'),
        numbers: said.text('numbers'),
      }),
    '/meters/{meter_id}',
  ],
  staff_channel_failed: [
    (said) => m.notice_staff_channel_failed({ channel: channelName(said.text('channel')) }),
    '/people/{person_id}',
  ],
  staff_unreached: [m.notice_staff_unreached, '/people/{person_id}'],
  staff_more_unreached: [m.notice_staff_more_unreached, '/dead-addresses'],
};

/** A notice in words. What this version of the site does not know, or cannot read, is news in general. */
export function noticeText({ kind, values }: Pick<NoticeItem, 'kind' | 'values'>, zone: string): string {
  try {
    return NOTICES[kind]?.[0](new Said(values, zone)) ?? m.notice_other();
  } catch {
    return m.notice_other();
  }
}

/** The page that a notice leads to; null where there is none, or where the notice does not say of what. */
export function noticePage({ kind, about }: Pick<NoticeItem, 'kind' | 'about'>): string | null {
  const page = NOTICES[kind]?.[1];
  if (!page || [...page.matchAll(/\{(\w+)\}/g)].some(([, name]) => !about[name ?? ''])) return null;
  return page.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(about[name] ?? ''));
}
