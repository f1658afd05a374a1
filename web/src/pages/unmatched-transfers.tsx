import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { usePages } from '../api/resource';
import type { Transfer } from '../api/types';
import { reasonText } from '../i18n/bank-codes';
import { date, grouped, money } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Confirm } from '../ui/confirm';
import { Dialog } from '../ui/dialog';
import { Facts } from '../ui/facts';
import { attemptKey } from '../ui/form';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/loaded';
import { DateText, Money } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { More } from '../ui/table';
import { ContractPicker } from './parts/contract-picker';

interface Target {
  contract_id: string;
  number: string;
}

interface Assigned extends Target {
  transfer: Transfer;
}

export default function UnmatchedTransfers() {
  return isStaff() ? <Queue /> : <NotFound />;
}

/**
 * What is waiting, with the chosen transfer beside it; an assigned one leaves the queue and the next comes up. `?transfer_id=` shows
 * one alone: a provider's transfer that may be a payer's waits in no queue.
 */
function Queue() {
  const { transfer_id } = useLocation().query;
  const pages = usePages(`unmatched ${transfer_id}`, (cursor) =>
    unwrap(
      api.GET('/unmatched-transfers', {
        params: { query: { ...(transfer_id && { transfer_id }), ...(cursor && { cursor }) } },
      }),
    ),
  );
  const [gone, setGone] = useState<Assigned[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const waiting = pages.items.filter((item) => !gone.some((one) => one.transfer.transfer_id === item.transfer_id));
  const shown = waiting.find((item) => item.transfer_id === (chosen ?? transfer_id)) ?? null;
  const last = gone.at(-1);
  const assigned = (transfer: Transfer, target: Target) => {
    setGone((all) => [...all, { ...target, transfer }]);
    setChosen(null);
  };
  // A page that has been worked off makes room for the next one.
  const { more, loadMore } = pages;
  useEffect(() => {
    if (waiting.length === 0 && more === 'idle') loadMore();
  }, [waiting.length, more, loadMore]);

  return (
    <Page wide title={m.nav_unmatched()} lead={m.unmatched_lead()}>
      {last && (
        <Notice
          key={last.transfer.transfer_id}
          kind="good"
          focus
          testId="assigned"
          title={m.assigned_text({ amount: money(last.transfer.amount, last.transfer.currency), number: last.number })}
        >
          <p>
            {m.assigned_undo()} <a href={`/accounts/${last.contract_id}?tab=payments`}>{m.home_see_account()}</a>
          </p>
        </Notice>
      )}
      {pages.first.state === 'loading' && <Skeleton lines={6} />}
      {pages.first.state === 'failed' && <Failed problem={pages.first.problem} retry={pages.reload} />}
      {pages.first.state === 'ready' &&
        (waiting.length === 0 ? (
          transfer_id ? (
            <p class="empty">
              <a href="/unmatched-transfers">{m.nav_unmatched()}</a>
            </p>
          ) : more === 'none' ? (
            <div class="all-good" data-testid="queue-empty">
              <Icon name="check" />
              <div>
                <p class="all-good-title">{m.home_staff_nothing()}</p>
                <p>
                  <a href="/bank-statements">{m.home_import()}</a>
                </p>
              </div>
            </div>
          ) : (
            <Skeleton lines={6} />
          )
        ) : (
          <div class={shown ? 'queue queue-open' : 'queue'}>
            <div class="queue-list">
              <ul aria-label={m.nav_unmatched()}>
                {waiting.map((item) => (
                  <li key={item.transfer_id} data-testid="transfer-row">
                    <button
                      type="button"
                      class="queue-item"
                      aria-current={item === shown ? 'true' : undefined}
                      onClick={() => setChosen(item.transfer_id)}
                    >
                      <span>{item.payer_name || m.transfer_no_name()}</span>
                      <Money minor={item.amount} currency={item.currency} strong />
                      <span class="muted">
                        <DateText on={item.value_date} style="short" /> · {item.title || m.payment_without_reference()}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
              <More pages={{ ...pages, items: waiting }} />
            </div>
            {shown ? (
              <Detail key={shown.transfer_id} transfer={shown} onAssigned={(target) => assigned(shown, target)} />
            ) : (
              <p class="queue-hint muted">{m.unmatched_choose()}</p>
            )}
          </div>
        ))}
    </Page>
  );
}

function Detail({ transfer, onAssigned }: { transfer: Transfer; onAssigned: (target: Target) => void }) {
  const [asked, setAsked] = useState<Target | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { amount, currency, candidates } = transfer;
  return (
    <section class="queue-detail" aria-labelledby="transfer" data-testid="transfer-detail">
      <h2 id="transfer" ref={heading} tabIndex={-1}>
        {m.transfer_of({ amount: money(amount, currency), date: date(transfer.value_date) })}
      </h2>
      <Facts
        items={[
          { label: m.transfer_payer(), value: transfer.payer_name || m.transfer_no_name() },
          !!transfer.payer_account && {
            label: m.transfer_account(),
            value: <span class="account-number">{grouped(transfer.payer_account)}</span>,
          },
          { label: m.transfer_title(), value: transfer.title || m.payment_without_reference() },
        ]}
      />
      <h3>{m.candidates_title()}</h3>
      {candidates.length === 0 ? (
        <p class="muted">{m.candidates_none()}</p>
      ) : (
        <ol class="candidates">
          {candidates.map((candidate) => (
            <li key={candidate.contract_id} class="candidate" data-testid="candidate">
              <p class="candidate-head">
                <a href={`/contracts/${candidate.contract_id}`}>{candidate.number}</a>
                <span class="muted figures">{m.candidate_score({ score: candidate.score })}</span>
              </p>
              <ul class="reasons">
                {candidate.reasons.map((reason) => (
                  <li key={reason}>{reasonText(reason)}</li>
                ))}
              </ul>
              <p>
                <button type="button" class="button" onClick={() => setAsked(candidate)}>
                  {m.assign_action()}
                  <span class="hidden"> {candidate.number}</span>
                </button>
              </p>
            </li>
          ))}
        </ol>
      )}
      <h3>{m.candidates_other()}</h3>
      <ContractPicker picked={null} onPick={(contract) => contract && setAsked(contract)} />
      {asked && (
        <ConfirmAssignment
          transfer={transfer}
          target={asked}
          onClose={() => setAsked(null)}
          onDone={() => onAssigned(asked)}
        />
      )}
    </section>
  );
}

interface AssignmentProps {
  transfer: Transfer;
  target: Target;
  onClose: () => void;
  onDone: () => void;
}

function ConfirmAssignment({ transfer, target, onClose, onDone }: AssignmentProps) {
  const [attempt] = useState(() => attemptKey(null, target.contract_id));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    unwrap(
      api.POST('/unmatched-transfers/{transfer_id}/assignment', {
        params: { path: { transfer_id: transfer.transfer_id } },
        headers: { 'Idempotency-Key': attempt.key },
        body: { contract_id: target.contract_id },
      }),
    ).then(onDone, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };
  return (
    <Dialog title={m.assign_title({ number: target.number })} onClose={onClose}>
      {problem && <Failed problem={problem} />}
      <p>
        {m.assign_text({
          amount: money(transfer.amount, transfer.currency),
          payer: transfer.payer_name || m.transfer_no_name(),
          date: date(transfer.value_date),
          number: target.number,
        })}
      </p>
      <p class="muted">{m.assigned_undo()}</p>
      <Confirm action={m.assign_confirm()} onAction={send} busy={busy} onCancel={onClose} />
    </Dialog>
  );
}
