import type { Charge, Entry, Explanation, Payment } from '../api/types';
import { m } from '../paraglide/messages.js';

type Words<Code extends string> = Record<Code, () => string>;

export type Purpose = Charge['purpose'];
export type Rule = Explanation['open_items'][number]['allocated'][number]['rule'];

export const PURPOSES: Words<Purpose> = {
  administration: m.purpose_administration,
  cleaning: m.purpose_cleaning,
  common_costs: m.purpose_common_costs,
  deposit: m.purpose_deposit,
  electricity: m.purpose_electricity,
  gas: m.purpose_gas,
  heating: m.purpose_heating,
  instalment: m.purpose_instalment,
  insurance: m.purpose_insurance,
  interest: m.purpose_interest,
  internet: m.purpose_internet,
  lift: m.purpose_lift,
  other: m.purpose_other,
  parking: m.purpose_parking,
  rent: m.purpose_rent,
  repair_fund: m.purpose_repair_fund,
  security: m.purpose_security,
  service_charge: m.purpose_service_charge,
  settlement: m.purpose_settlement,
  sewage: m.purpose_sewage,
  tax: m.purpose_tax,
  waste: m.purpose_waste,
  water: m.purpose_water,
};

export const purposeText = (purpose: Purpose): string => PURPOSES[purpose]?.() ?? purpose;

export const CHARGE_STATUS: Words<Charge['status']> = {
  open: m.charge_open,
  part_paid: m.charge_part_paid,
  paid: m.charge_paid,
  reversed: m.charge_reversed,
};

export const PAYMENT_STATUS: Words<Payment['status']> = {
  booked: m.payment_booked,
  reversed: m.payment_reversed,
  rebooked: m.payment_rebooked,
  part_returned: m.payment_part_returned,
  returned: m.payment_returned,
};

export const PAYMENT_TYPES: Words<Payment['type']> = {
  bank: m.type_bank,
  cash: m.type_cash,
  online: m.type_online,
};

export const ENTRY_KINDS: Words<Entry['kind']> = {
  charge: m.entry_charge,
  payment: m.entry_payment,
  reversal: m.entry_reversal,
  refund: m.entry_refund,
  chargeback: m.entry_chargeback,
};

/** Why money went where it went. */
export const RULES: Words<Rule> = {
  designated: m.allocation_designated,
  longest_overdue: m.allocation_longest_overdue,
  not_yet_due: m.allocation_not_yet_due,
  from_credit: m.allocation_from_credit,
  earlier: m.allocation_earlier,
  refunded: m.allocation_refunded,
};
