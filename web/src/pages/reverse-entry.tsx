import { useId, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { useResource } from '../api/resource';
import type { ContractItem, Reversal } from '../api/types';
import { date, money } from '../i18n/format';
import { ENTRY_KINDS } from '../i18n/words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Confirm } from '../ui/confirm';
import { Facts } from '../ui/facts';
import { attemptKey, type Errors, Field, Form, useForm } from '../ui/form';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { ContractPicker } from './parts/contract-picker';
import { holderNames } from './parts/names';
import { type PickedEntry, pickedEntry } from './parts/picked-entry';

const PAGES_TO_LOOK = 20;

/** The entry, carried from the list or (after a reload) looked up among the account's entries, newest first. */
async function findEntry(contract_id: string, entry_id: string): Promise<PickedEntry> {
  const carried = pickedEntry(entry_id);
  if (carried) return carried;
  const { currency } = await unwrap(api.GET('/accounts/{contract_id}', { params: { path: { contract_id } } }));
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES_TO_LOOK; page += 1) {
    const answer = await unwrap(
      api.GET('/accounts/{contract_id}/entries', {
        params: { path: { contract_id }, query: cursor ? { cursor } : {} },
      }),
    );
    const entry = answer.items.find((one) => one.entry_id === entry_id);
    if (entry && (entry.kind === 'charge' || entry.kind === 'payment')) {
      const name = entry.number ?? (entry.reference || date(entry.date));
      return { entry_id, kind: entry.kind, name, date: entry.date, amount: Math.abs(entry.amount), currency };
    }
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  throw new Problem('not_found', 404);
}

export default function ReverseEntry() {
  const { contract_id = '', entry_id = '' } = useRoute().params;
  const entry = useResource(`entry ${entry_id}`, () => findEntry(contract_id, entry_id));
  if (!isStaff()) return <NotFound />;
  return (
    <LoadedPage of={entry} title={m.reverse_title()}>
      {(loaded) => <Steps contract_id={contract_id} entry={loaded} />}
    </LoadedPage>
  );
}

interface Draft {
  reason: string;
  action: 'reverse' | 'rebook';
}

function Steps({ contract_id, entry }: { contract_id: string; entry: PickedEntry }) {
  const [draft, setDraft] = useState<Draft>({ reason: '', action: 'reverse' });
  const [target, setTarget] = useState<ContractItem | null>(null);
  const [step, setStep] = useState<'write' | 'confirm'>('write');
  const [done, setDone] = useState<Reversal | null>(null);
  const rebook = draft.action === 'rebook' ? target : null;
  const account = `/accounts/${contract_id}`;
  if (done) {
    return (
      <Page key="receipt" title={m.reverse_done_title()}>
        <Notice
          kind="good"
          title={
            rebook
              ? m.rebook_done_text({ name: entry.name, number: rebook.number })
              : m.reverse_done_text({ name: entry.name })
          }
        />
        <p class="form-actions">
          <a class="button button-main" href={account}>
            {m.home_see_account()}
          </a>
          {rebook && (
            <a class="button" href={`/accounts/${rebook.contract_id}`}>
              {m.rebook_see_target({ number: rebook.number })}
            </a>
          )}
        </p>
      </Page>
    );
  }
  if (step === 'confirm') {
    return <ConfirmReversal entry={entry} draft={draft} target={rebook} back={() => setStep('write')} done={setDone} />;
  }
  return (
    <Write
      entry={entry}
      draft={draft}
      cancel={account}
      contract_id={contract_id}
      target={target}
      pick={setTarget}
      done={(written) => {
        setDraft(written);
        setStep('confirm');
      }}
    />
  );
}

function EntryFacts({ entry }: { entry: PickedEntry }) {
  return (
    <Facts
      items={[
        { label: ENTRY_KINDS[entry.kind](), value: entry.name },
        { label: m.entry_date(), value: date(entry.date) },
        { label: m.amount(), value: <strong class="money">{money(entry.amount, entry.currency)}</strong> },
      ]}
    />
  );
}

interface WriteProps {
  entry: PickedEntry;
  draft: Draft;
  cancel: string;
  contract_id: string;
  target: ContractItem | null;
  pick: (contract: ContractItem | null) => void;
  done: (draft: Draft) => void;
}

function Write({ entry, draft, cancel, contract_id, target, pick, done }: WriteProps) {
  const id = useId();
  const [action, setAction] = useState(draft.action);
  const form = useForm(
    { reason: draft.reason, target: '' },
    {
      check: ({ reason }) => {
        const errors: Errors = {};
        if (action === 'rebook' && !target) errors.target = m.rebook_target_wanted;
        if (!reason.trim()) errors.reason = m.reverse_reason_wanted;
        else if (reason.length > 200) errors.reason = () => m.field_too_long({ count: 200 });
        return errors;
      },
      send: async ({ reason }) => done({ reason, action }),
    },
  );
  return (
    <Page key="write" title={m.reverse_title()} lead={m.reverse_lead()}>
      <EntryFacts entry={entry} />
      {entry.kind === 'payment' && (
        <div class="field">
          <label for={id}>{m.reverse_what()}</label>
          <select
            id={id}
            class="control control-wide"
            name="action"
            value={action}
            onChange={(event) => setAction(event.currentTarget.value as Draft['action'])}
          >
            <option value="reverse">{m.reverse_only()}</option>
            <option value="rebook">{m.reverse_and_rebook()}</option>
          </select>
        </div>
      )}
      {action === 'rebook' && (
        <div id={`${form.id}-target`} tabIndex={-1}>
          <ContractPicker picked={target} onPick={pick} without={contract_id} />
        </div>
      )}
      <Form form={form}>
        <Field name="reason" label={m.reverse_reason()} hint={m.reverse_reason_hint()} />
        <div class="form-actions">
          <button type="submit" class="button button-main">
            {m.continue_action()}
          </button>
          <a class="button button-quiet" href={cancel}>
            {m.cancel_action()}
          </a>
        </div>
      </Form>
    </Page>
  );
}

interface ConfirmReversalProps {
  entry: PickedEntry;
  draft: Draft;
  target: ContractItem | null;
  back: () => void;
  done: (reversal: Reversal) => void;
}

function ConfirmReversal({ entry, draft, target, back, done }: ConfirmReversalProps) {
  const [attempt] = useState(() => attemptKey(null, ''));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    unwrap(
      api.POST('/entries/{entry_id}/reversal', {
        params: { path: { entry_id: entry.entry_id } },
        headers: { 'Idempotency-Key': attempt.key },
        body: { reason: draft.reason.trim(), rebook_to_contract_id: target?.contract_id ?? null },
      }),
    ).then(done, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };
  return (
    <Page key="confirm" title={m.reverse_confirm_title()} lead={m.reverse_confirm_lead()}>
      {problem && <Failed problem={problem} />}
      <EntryFacts entry={entry} />
      <Facts
        items={[
          {
            label: m.reverse_what(),
            value: target ? m.reverse_and_rebook() : m.reverse_only(),
          },
          target && {
            label: m.rebook_target(),
            value: [target.number, holderNames(target)].filter(Boolean).join(', '),
          },
          { label: m.reverse_reason(), value: draft.reason },
        ]}
      />
      <Confirm
        action={target ? m.rebook_confirm_action() : m.reverse_confirm_action()}
        onAction={send}
        busy={busy}
        cancel={m.back_action()}
        onCancel={back}
      />
    </Page>
  );
}
