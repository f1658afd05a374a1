import type { PaymentProvider } from '../../api/types';
import { minorDigits, money, parseAmount, typedAmount } from '../../i18n/format';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Choices } from '../../ui/choices';
import { type Errors, Field, type FormState } from '../../ui/form';
import { feeOf } from './pay-rules';

type FeeRule = Required<PaymentProvider['fee']>;

/** The fee as it is typed. */
export interface TypedFee {
  fee_kind: FeeRule['kind'];
  fee_fixed: string;
  fee_percent: string;
  fee_most: string;
}

const EXAMPLE = 500;
const LIMITS = { fee_fixed: 100_000, fee_most: 1_000_000 } as const;
const MOST_BASIS_POINTS = 2000;

export function typedFee(rule: PaymentProvider['fee'], currency: string): TypedFee {
  const { kind = 'none', fixed = 0, basis_points = 0, most = null } = rule;
  const plain = (minor: number) => typedAmount(minor, currency).replace(/[.,]00$/, '');
  return {
    fee_kind: kind,
    fee_fixed: fixed ? plain(fixed) : '',
    fee_percent: basis_points ? String(basis_points / 100) : '',
    fee_most: most === null ? '' : plain(most),
  };
}

/** Hundredths of a percent; null: none of up to twenty percent. */
export function basisPoints(typed: string): number | null {
  const match = /^(\d{1,2})(?:[.,](\d{1,2}))?$/.exec(typed.trim().replace(/\s*%$/, '') || '0');
  if (!match) return null;
  const points = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return points <= MOST_BASIS_POINTS ? points : null;
}

/** What is typed as a rule, with the fields that are wrong; only a fee of ours has numbers. */
export function readFee(typed: TypedFee, currency: string): { fee: FeeRule; wrong: Errors } {
  const none = { kind: typed.fee_kind, fixed: 0, basis_points: 0, most: null };
  if (typed.fee_kind !== 'payer') return { fee: none, wrong: {} };
  const wrong: Errors = {};
  const amount = (name: keyof typeof LIMITS): number | null => {
    if (!typed[name].trim()) return null;
    const minor = parseAmount(typed[name], currency);
    if (minor !== null && minor <= LIMITS[name]) return minor;
    wrong[name] = () => m.provider_fee_wrong({ most: money(LIMITS[name], currency) });
    return null;
  };
  const points = basisPoints(typed.fee_percent);
  if (points === null) wrong.fee_percent = m.provider_fee_percent_wrong;
  const fee = { ...none, fixed: amount('fee_fixed') ?? 0, basis_points: points ?? 0, most: amount('fee_most') };
  return { fee, wrong };
}

interface Props<V extends TypedFee> {
  form: FormState<V>;
  provider: PaymentProvider['provider'];
}

/** Who bears what paying costs, with what it comes to for an amount. */
export function ProviderFee<V extends TypedFee>({ form, provider }: Props<V>) {
  const { currency } = currentMe().organisation;
  const { fee_kind: kind } = form.values;
  return (
    <div class="section">
      <Choices
        form={form}
        name="fee_kind"
        legend={m.provider_fee()}
        hint={m.provider_fee_hint()}
        options={[
          { value: 'none', label: m.provider_fee_none() },
          { value: 'payer', label: m.provider_fee_payer() },
          { value: 'provider', label: m.provider_fee_provider() },
        ]}
      />
      {kind === 'payer' && (
        <div class="fields">
          <Field
            name="fee_fixed"
            label={m.provider_fee_fixed({ currency })}
            inputMode="decimal"
            width="short"
            optional
          />
          <Field name="fee_percent" label={m.provider_fee_percent()} inputMode="decimal" width="short" optional />
          <Field name="fee_most" label={m.provider_fee_most({ currency })} inputMode="decimal" width="short" optional />
        </div>
      )}
      <p role="status" data-testid="fee-example">
        {exampleText(form.values, currency, provider)}
      </p>
    </div>
  );
}

function exampleText(typed: TypedFee, currency: string, provider: PaymentProvider['provider']): string {
  const minor = EXAMPLE * 10 ** minorDigits(currency);
  const amount = money(minor, currency);
  if (typed.fee_kind === 'provider')
    return m.provider_fee_example_provider({ amount, provider: PROVIDER_NAMES[provider] });
  const { fee: rule, wrong } = readFee(typed, currency);
  if (Object.keys(wrong).length > 0) return '';
  const fee = feeOf(rule, minor);
  return m.provider_fee_example({ amount, total: money(minor + fee, currency), fee: money(fee, currency) });
}
