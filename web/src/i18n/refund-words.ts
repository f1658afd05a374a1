import type { ListedRefund, Refund } from '../api/types';
import { m } from '../paraglide/messages.js';

type State = Refund['state'];

export const REFUND_STATES: Record<State, () => string> = {
  asked: m.refund_asked,
  rejected: m.refund_rejected,
  confirmed: m.refund_confirmed,
  sent: m.refund_sent,
  failed: m.refund_failed,
};

/** Nobody knows whether the money went: the provider gave no answer until the last try. */
export const isStuck = ({ state, code }: Refund): boolean => state === 'confirmed' && code !== null;

const isWithdrawn = ({ state, asked_by, decided_by }: Refund): boolean =>
  state === 'rejected' && asked_by === decided_by;

export function refundState(refund: Refund | ListedRefund): string {
  if (isStuck(refund)) return m.refund_stuck();
  return isWithdrawn(refund) ? m.refund_withdrawn() : REFUND_STATES[refund.state]();
}

/** Who has decided a refund, and when; nothing while nobody has. `name` is empty where it is not known. */
export function decidedText(refund: Refund, name: string, when: string): string {
  if (refund.state === 'asked') return '';
  if (isWithdrawn(refund)) return m.refund_withdrawn_on({ when });
  const said = { name: name || m.refund_colleague(), when };
  return refund.state === 'rejected' ? m.refund_rejected_by(said) : m.refund_confirmed_by(said);
}

type Why = (said: { provider: string; code: string }) => string;

/** Codes of a refusal: ours, and those of providers that say what can be done. */
const REASONS: Record<string, Why> = {
  balance_insufficient: m.refund_why_balance,
  insufficient_funds: m.refund_why_balance,
  charge_already_refunded: m.refund_why_done,
  charge_disputed: m.refund_why_disputed,
  not_configured: m.refund_why_settings,
};

/** Why a refund was not sent; a code that we do not know is shown as the provider's. */
export const failureText = (code: string, provider: string): string =>
  (REASONS[code] ?? m.refund_why_refused)({ provider, code });
