import type { Finding } from '../api/types';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { date } from './format';
import { about, counter, counters, measured, roundly } from './meter-words';

type Params = Finding['message_params'];
type Words = (params: Reader, unit: string) => string;

/** Reads what a check said: texts and lists of texts under names. */
class Reader {
  constructor(private readonly params: Params) {}
  text(name: string): string {
    const value = this.params[name];
    return Array.isArray(value) ? value.join(' · ') : (value ?? '');
  }
  list(name: string): string[] {
    const value = this.params[name];
    return Array.isArray(value) ? value : value ? [value] : [];
  }
  has(name: string): boolean {
    return name in this.params;
  }
  number(name: string): number {
    return Number(this.text(name)) || 0;
  }
  day(name: string): string {
    return date(this.text(name));
  }
}

const FAULTS: Record<string, (params: Reader) => string> = {
  empty: () => m.meter_says_empty(),
  not_a_number: () => m.meter_says_not_a_number(),
  negative: () => m.meter_says_negative(),
  too_many_digits: (params) => m.meter_says_too_many_digits({ count: params.number('digits') }),
  too_many_decimals: (params) =>
    params.number('decimals') > 0
      ? m.meter_says_too_many_decimals({ count: params.number('decimals') })
      : m.meter_says_no_decimals(),
};

const TEN = 10;
/** From here on nobody counts any more. */
const FAR = 20;

function high(params: Reader, unit: string): string {
  const [daily, usual] = [params.number('daily'), params.number('expected_daily')];
  if (usual <= 0)
    return m.meter_says_much({ daily: about(daily, unit), bound: about(params.text('daily_bound'), unit) });
  const ratio = daily / usual;
  // "About 2.9 times" pretends to know more than one does; below that, the half counts.
  if (ratio > FAR) return m.meter_says_far({ daily: about(daily, unit), expected: about(usual, unit) });
  const times = ratio < 2.75 ? Math.round(ratio * 2) / 2 : ratio < TEN ? Math.round(ratio) : Math.round(ratio / 5) * 5;
  return m.meter_says_high({
    count: times,
    times: roundly(times),
    daily: about(daily, unit),
    expected: about(usual, unit),
  });
}

/** What a check says, in words; the numbers are those that it used. */
export const FINDINGS: Record<Finding['code'], Words> = {
  FORMAT: (params) => FAULTS[params.text('fault')]?.(params) ?? m.meter_says_not_a_number(),
  FUTURE: (params) => m.meter_says_future({ date: params.day('today') }),
  BEFORE_INSTALL: (params) => {
    if (params.has('contract_from')) return m.meter_says_contract_from({ date: params.day('contract_from') });
    return params.has('installed')
      ? m.meter_says_before_install({ date: params.day('installed') })
      : m.meter_says_not_installed();
  },
  ARCHIVED: (params) =>
    params.has('contract_until')
      ? m.meter_says_contract_until({ date: params.day('contract_until') })
      : m.meter_says_removed({ date: params.day('removed') }),
  VERIFICATION_EXPIRED: (params) =>
    (isStaff() ? m.reading_says_expired : m.meter_says_expired)({ date: params.day('until') }),
  WINDOW: (params) => m.meter_says_window({ first: params.day('next_first'), last: params.day('next_last') }),
  REGISTERS: (params) => m.meter_says_registers({ count: params.number('expected') }),
  DUPLICATE: (params) => m.meter_says_other({ value: counters(params.list('values')) }),
  DECREASE: (params) => {
    const stood = { value: counter(params.text('bound')), date: params.day('bound_day') };
    if (params.text('side') === 'claimed') return m.meter_says_claimed(stood);
    return params.text('side') === 'later' ? m.meter_says_more(stood) : m.meter_says_less(stood);
  },
  ROLLOVER: (params, unit) => m.meter_says_rollover({ use: measured(params.text('use'), unit) }),
  TRANSPOSED: (params) => (params.has('values') ? m.meter_says_mixed() : m.meter_says_swapped()),
  HIGH: high,
  LOW: (params, unit) =>
    m.meter_says_low({
      daily: about(params.text('daily'), unit),
      expected: about(params.text('expected_daily'), unit),
    }),
  ZERO: (params) => m.meter_says_zero({ date: params.day('since') }),
  DEEMED_TRUEUP: (params, unit) =>
    m.meter_says_trueup({
      actual: measured(params.text('actual'), unit),
      estimated: measured(params.text('estimated'), unit),
    }),
  SUM: (params, unit) =>
    m.meter_says_sum({ house: measured(params.text('house'), unit), units: measured(params.text('units'), unit) }),
  PHYSICAL: (params, unit) =>
    m.meter_says_physical({ use: measured(params.text('use'), unit), flow: about(params.text('flow'), unit) }),
};

/** A finding as a sentence, with its register where the counter has several. `unit`: that of the medium. */
export function findingText(finding: Finding, unit: string, registers = 1): string {
  // The same reading again is only told; other values on the same day are asked about.
  const told = finding.code === 'DUPLICATE' && finding.severity === 'info';
  const said = told ? m.meter_says_duplicate() : FINDINGS[finding.code](new Reader(finding.message_params), unit);
  // A unit that is written with a stop may end a sentence.
  const words = said.replace(/\.\.(?=\s|$)/g, '.');
  if (registers < 2 || finding.register === null) return words;
  return `${m.meter_register({ number: finding.register + 1 })}: ${words}`;
}
