import type { PaymentOptions } from '../../api/types';
import { parseAmount } from '../../i18n/format';

export type ProviderOption = PaymentOptions['providers'][number];
export type UnderWay = PaymentOptions['under_way'][number];

/** What the payer has chosen so far; `amount` as it was typed. */
export interface Choice {
  what: 'due' | 'items' | 'amount';
  items: string[];
  amount: string;
  provider: string;
  email: string;
}

const BASIS = 10_000;
/** The most that one payment may be, in minor units. */
export const MOST = 1_000_000_000;

/** Our fee for an amount, both in minor units: half up, at most `most`; zero where there is none or the provider adds its own. */
export function feeOf({ kind, fixed, basis_points, most }: ProviderOption['fee'], amount: number): number {
  if (kind !== 'payer') return 0;
  const fee = (fixed ?? 0) + Math.floor((amount * (basis_points ?? 0) + BASIS / 2) / BASIS);
  return Math.min(fee, most ?? fee);
}

/** What is to be paid without the fee, in minor units; null while that is not known. */
export function sumOf({ what, items, amount }: Choice, { due, open_items, currency }: PaymentOptions): number | null {
  if (what === 'due') return due;
  if (what === 'amount') return parseAmount(amount, currency);
  return items.length > 0 ? items.reduce((sum, id) => sum + (open_items[id] ?? 0), 0) : null;
}

/** Who offers what was chosen: another amount than what is open is not taken by all. */
export function offered({ what }: Choice, { providers }: PaymentOptions): ProviderOption[] {
  return what === 'amount' ? providers.filter((one) => one.part_payment) : providers;
}

/** A payment that has begun and may be about the same money: whoever pays once more should know. */
export function alreadyUnderWay({ what, items }: Choice, { under_way }: PaymentOptions): UnderWay | undefined {
  const same = ({ charge_ids }: UnderWay) =>
    what !== 'items' || charge_ids.length === 0 || charge_ids.some((id) => items.includes(id));
  return under_way.find((one) => one.state === 'pending' && same(one));
}
