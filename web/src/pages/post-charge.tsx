import { useRef, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { useResource } from '../api/resource';
import type { Charge, Contract } from '../api/types';
import { date, money, parseAmount, today } from '../i18n/format';
import { PAYMENT_TYPES, PURPOSES, type Purpose, purposeText } from '../i18n/words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { Confirm } from '../ui/confirm';
import { Facts } from '../ui/facts';
import { type Attempt, attemptKey, type Errors, Field, Form, useForm } from '../ui/form';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';

interface Draft {
  purpose: Purpose;
  amount: string;
  date: string;
  due_date: string;
  type: Charge['type'];
  description: string;
}

export default function PostCharge() {
  const contract_id = useRoute().params.contract_id ?? '';
  const contract = useResource(`contract ${contract_id}`, () =>
    unwrap(api.GET('/contracts/{contract_id}', { params: { path: { contract_id } } })),
  );
  if (!isStaff()) return <NotFound />;
  return (
    <LoadedPage of={contract} title={m.charge_new()}>
      {(loaded) => <Steps contract={loaded} />}
    </LoadedPage>
  );
}

/** Write it, look at it, post it, receipt: one thing at a time. */
function Steps({ contract }: { contract: Contract }) {
  const day = today(currentMe().organisation.time_zone);
  const [draft, setDraft] = useState<Draft>({
    purpose: 'rent',
    amount: '',
    date: day,
    due_date: day,
    type: 'bank',
    description: '',
  });
  const [step, setStep] = useState<'write' | 'confirm'>('write');
  const [posted, setPosted] = useState<Charge | null>(null);
  // Lives through "back": the same charge sent once more after a lost answer is still the same attempt.
  const attempt = useRef<Attempt | null>(null);
  const keyOf = (body: string) => {
    attempt.current = attemptKey(attempt.current, body);
    return attempt.current.key;
  };
  if (posted) return <Receipt contract={contract} charge={posted} />;
  if (step === 'confirm') {
    return (
      <ConfirmCharge contract={contract} draft={draft} keyOf={keyOf} back={() => setStep('write')} done={setPosted} />
    );
  }
  return (
    <Write
      contract={contract}
      draft={draft}
      done={(written) => {
        setDraft(written);
        setStep('confirm');
      }}
    />
  );
}

function check(draft: Draft, currency: string): Errors {
  const errors: Errors = {};
  const amount = parseAmount(draft.amount, currency);
  if (amount === null) errors.amount = m.code_invalid_amount;
  else if (amount <= 0) errors.amount = m.field_above_zero;
  if (!draft.date) errors.date = m.field_invalid_date;
  if (!draft.due_date) errors.due_date = m.field_invalid_date;
  if (draft.description.length > 200) errors.description = () => m.field_too_long({ count: 200 });
  return errors;
}

function Write({ contract, draft, done }: { contract: Contract; draft: Draft; done: (draft: Draft) => void }) {
  const form = useForm(draft, {
    check: (values) => check(values, contract.currency),
    send: async (values) => done(values),
  });
  const purposes = (Object.keys(PURPOSES) as Purpose[])
    .map((value) => ({ value, label: purposeText(value) }))
    .sort((one, other) => one.label.localeCompare(other.label));
  return (
    <Page key="write" title={m.charge_new()} above={m.contract_title({ number: contract.number })}>
      <Form form={form}>
        <Field name="purpose" label={m.purpose()} options={purposes} width="medium" />
        <Field
          name="amount"
          label={m.charge_amount_in({ currency: contract.currency })}
          inputMode="decimal"
          width="short"
        />
        <div class="fields fields-two">
          <Field name="date" label={m.charge_date()} type="date" />
          <Field name="due_date" label={m.charge_due_date()} type="date" />
        </div>
        <Field
          name="type"
          label={m.charge_type()}
          width="medium"
          options={[
            { value: 'bank', label: PAYMENT_TYPES.bank() },
            { value: 'cash', label: PAYMENT_TYPES.cash() },
          ]}
        />
        <Field name="description" label={m.charge_description()} optional />
        <div class="form-actions">
          <button type="submit" class="button button-main">
            {m.continue_action()}
          </button>
          <a class="button button-quiet" href={`/accounts/${contract.contract_id}`}>
            {m.cancel_action()}
          </a>
        </div>
      </Form>
    </Page>
  );
}

interface ConfirmChargeProps {
  contract: Contract;
  draft: Draft;
  keyOf: (body: string) => string;
  back: () => void;
  done: (charge: Charge) => void;
}

function ConfirmCharge({ contract, draft, keyOf, back, done }: ConfirmChargeProps) {
  const { contract_id, currency } = contract;
  const amount = parseAmount(draft.amount, currency) ?? 0;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const post = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    unwrap(
      api.POST('/accounts/{contract_id}/charges', {
        params: { path: { contract_id } },
        headers: { 'Idempotency-Key': keyOf(JSON.stringify(draft)) },
        body: { ...draft, amount },
      }),
    ).then(done, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };
  return (
    <Page
      key="confirm"
      title={m.charge_confirm_title()}
      lead={m.charge_confirm_lead()}
      above={m.contract_title({ number: contract.number })}
    >
      {problem && <Failed problem={problem} />}
      <Facts
        items={[
          { label: m.amount(), value: <strong class="money">{money(amount, currency)}</strong> },
          { label: m.purpose(), value: purposeText(draft.purpose) },
          { label: m.charge_date(), value: date(draft.date) },
          { label: m.charge_due_date(), value: date(draft.due_date) },
          { label: m.charge_type(), value: PAYMENT_TYPES[draft.type]() },
          !!draft.description && { label: m.charge_description(), value: draft.description },
        ]}
      />
      <Confirm
        action={m.charge_confirm_action()}
        onAction={post}
        busy={busy}
        cancel={m.back_action()}
        onCancel={back}
      />
    </Page>
  );
}

function Receipt({ contract, charge }: { contract: Contract; charge: Charge }) {
  return (
    <Page key="receipt" title={m.charge_done_title()} above={m.contract_title({ number: contract.number })}>
      <Notice
        kind="good"
        title={m.charge_done_text({ number: charge.number, amount: money(charge.amount, contract.currency) })}
      />
      <p class="form-actions">
        <a class="button button-main" href={`/accounts/${contract.contract_id}`}>
          {m.home_see_account()}
        </a>
      </p>
    </Page>
  );
}
