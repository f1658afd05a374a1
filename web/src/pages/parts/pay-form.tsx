import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Charge, PaymentOptions, StartedPayment } from '../../api/types';
import { money, typedAmount } from '../../i18n/format';
import { locale } from '../../i18n/locale';
import { PROVIDER_NAMES, PROVIDER_WAYS, type Provider } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Choices } from '../../ui/choices';
import { type Attempt, attemptKey, type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { PayItems } from './pay-items';
import { leave } from './pay-leave';
import {
  alreadyUnderWay,
  type Choice,
  feeOf,
  MOST,
  offered,
  type ProviderOption,
  sumOf,
  type UnderWay,
} from './pay-rules';
import { PaySum } from './pay-sum';
import { PayUnderWay } from './pay-under-way';

interface Props {
  options: PaymentOptions;
  charges: Map<string, Charge>;
  /** The payment is there, and costs something else than was shown. */
  onChanged: (started: StartedPayment, provider: Provider) => void;
  onLeaving: (started: StartedPayment, provider: Provider) => void;
  /** What was chosen from is not so any more. */
  onStale: (problem: Problem) => void;
}

const STALE = ['amount_not_open', 'charge_not_open', 'nothing_due', 'provider_unusable'];
const EMAIL = /^[^\s@|]+@[^\s@|]+$/;

function firstChoice(options: PaymentOptions, query: Record<string, string>): Choice {
  const { due, open_items, currency, providers } = options;
  const items = (query.items ?? '').split(',').filter((id) => id in open_items);
  const wished = /^\d{1,10}$/.test(query.amount ?? '') ? Number(query.amount) : due;
  const part = providers.some((one) => one.part_payment);
  const what = items.length > 0 ? 'items' : due === 0 || (part && wished !== due) ? 'amount' : 'due';
  const choice = { items, amount: what === 'amount' && wished > 0 ? typedAmount(wished, currency) : '' };
  return { what, ...choice, provider: '', email: currentMe().person.email ?? '' };
}

const optionOf = (choice: Choice, options: PaymentOptions): ProviderOption | undefined => {
  const found = offered(choice, options);
  return found.find(({ provider }) => provider === choice.provider) ?? found[0];
};

function check(values: Choice, options: PaymentOptions): Errors {
  const errors: Errors = {};
  const sum = sumOf(values, options);
  if (values.what === 'items' && values.items.length === 0) errors.items = m.pay_items_wanted;
  if (values.what === 'amount' && !(sum && sum > 0 && sum <= MOST)) errors.amount = m.code_invalid_amount;
  if (optionOf(values, options)?.email_needed && !EMAIL.test(values.email.trim())) errors.email = m.pay_email_wanted;
  return errors;
}

/** What to pay, how, and what that costs. */
export function PayForm({ options, charges, onChanged, onLeaving, onStale }: Props) {
  const { query } = useLocation();
  const attempt = useRef<Attempt | null>(null);
  const starting = useRef(false);
  const despite = useRef(false);
  const [waiting, setWaiting] = useState<{ attempt: UnderWay; values: Choice } | null>(null);

  const start = async (values: Choice, option: ProviderOption) => {
    const amount = sumOf(values, options) ?? 0;
    const body = {
      contract_id: options.contract_id,
      items: values.what === 'items' ? values.items : null,
      amount: values.what === 'amount' ? amount : null,
      provider: option.provider,
      // The payment has no id yet; its page finds it in the query.
      return_to: '/payments/return',
      email: option.email_needed ? values.email.trim() : null,
      language: locale.value,
      despite: despite.current,
    };
    attempt.current = attemptKey(attempt.current, JSON.stringify(body));
    const headers = { 'Idempotency-Key': attempt.current.key };
    const started = await unwrap(api.POST('/payments', { headers, body }));
    attempt.current = null;
    if (started.amount !== amount || started.fee !== feeOf(option.fee, amount))
      return onChanged(started, option.provider);
    leave(started.redirect);
    onLeaving(started, option.provider);
  };

  const refuse = async (problem: Problem, values: Choice) => {
    if (STALE.includes(problem.code)) return onStale(problem);
    const payment_id = problem.code === 'payment_under_way' ? problem.members.payment_id : undefined;
    if (typeof payment_id !== 'string') throw problem;
    const path = { payment_id };
    setWaiting({ attempt: await unwrap(api.GET('/payments/{payment_id}', { params: { path } })), values });
  };

  const form = useForm<Choice>(firstChoice(options, query), {
    check: (values) => check(values, options),
    send: async (values) => {
      const option = optionOf(values, options);
      // A second click before the first one is drawn.
      if (starting.current || !option) return;
      const begun = despite.current ? undefined : alreadyUnderWay(values, options);
      if (begun) return setWaiting({ attempt: begun, values });
      starting.current = true;
      await start(values, option)
        .catch((error) => refuse(Problem.of(error), values))
        .finally(() => {
          starting.current = false;
          despite.current = false;
        });
    },
  });
  const { values, set } = form;

  const option = optionOf(values, options);
  useEffect(() => {
    if (option && option.provider !== values.provider) set('provider', option.provider);
  }, [option?.provider, values.provider]);

  const sum = sumOf(values, options);
  const fee = option && sum ? feeOf(option.fee, sum) : 0;
  const payDespite = () => {
    despite.current = true;
    form.submit();
  };
  return (
    <Form form={form} label={m.pay_title()}>
      <What form={form} options={options} />
      {values.what === 'items' && <PayItems form={form} options={options} charges={charges} />}
      {values.what === 'amount' && (
        <Field
          name="amount"
          label={m.amount()}
          hint={m.pay_amount_hint({ amount: money(options.due, options.currency) })}
          inputMode="decimal"
          width="short"
        />
      )}
      <Choices
        form={form}
        name="provider"
        legend={m.pay_how()}
        options={offered(values, options).map((one) => ({
          value: one.provider,
          label: <Way option={one} sum={sum} currency={options.currency} />,
        }))}
      />
      {option?.email_needed && (
        <Field
          name="email"
          label={m.email_label()}
          hint={m.pay_email_hint({ provider: PROVIDER_NAMES[option.provider] })}
          type="email"
          inputMode="email"
          autoComplete="email"
        />
      )}
      {option && !!sum && <PaySum amount={sum} fee={fee} currency={options.currency} option={option} />}
      {waiting?.values === values && (
        <PayUnderWay attempt={waiting.attempt} currency={options.currency} focus>
          <button type="button" class="button button-bad" aria-disabled={form.busy} onClick={payDespite}>
            {m.pay_despite()}
          </button>
          <span>{m.pay_despite_text()}</span>
        </PayUnderWay>
      )}
      <div class="form-actions send-bar">
        <Submit busy={form.busy}>
          {sum ? m.pay_action({ amount: money(sum + fee, options.currency) }) : m.pay_action_plain()}
        </Submit>
      </div>
    </Form>
  );
}

function What({ form, options }: { form: ReturnType<typeof useForm<Choice>>; options: PaymentOptions }) {
  const { due, open_items, providers, currency } = options;
  const single = Object.values(open_items);
  const ways = [
    due > 0 && { value: 'due', label: m.pay_everything({ amount: money(due, currency) }) },
    single.length > 0 && single[0] !== due && { value: 'items', label: m.pay_some() },
    providers.some((one) => one.part_payment) && { value: 'amount', label: m.pay_other() },
  ].filter((way) => way !== false);
  if (ways.length > 1) return <Choices form={form} name="what" legend={m.pay_what()} options={ways} />;
  return form.values.what === 'due' ? <p>{ways[0]?.label}</p> : null;
}

/** What one pays with, and what that costs for the present choice. */
function Way({ option, sum, currency }: { option: ProviderOption; sum: number | null; currency: string }) {
  const { provider, fee } = option;
  const cost = feeOf(fee, sum ?? 0);
  const words = () => {
    if (fee.kind === 'provider') return m.pay_fee_theirs({ provider: PROVIDER_NAMES[provider] });
    return cost > 0 ? m.pay_fee_of({ amount: money(cost, currency) }) : m.pay_fee_none();
  };
  return (
    <>
      {PROVIDER_WAYS[provider]()}
      {(sum || fee.kind !== 'payer') && <span class="note">{words()}</span>}
    </>
  );
}
