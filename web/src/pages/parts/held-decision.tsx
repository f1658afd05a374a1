import { useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Finding, HeldReading } from '../../api/types';
import { findingText } from '../../i18n/meter-findings';
import { m } from '../../paraglide/messages.js';
import { type Attempt, attemptKey } from '../../ui/form';
import { later } from '../../ui/later';
import { Failed, Notice } from '../../ui/notice';
import { useKeys } from './desk-keys';

const HeldReject = later(() => import('./held-reject'));

interface Decision {
  decision: 'accept' | 'reject';
  reason?: string;
  claim?: 'rolled_over';
}

const decide = (reading_id: string, body: Decision, key: string) =>
  unwrap(
    api.POST('/readings/{reading_id}/decision', {
      params: { path: { reading_id } },
      headers: { 'Idempotency-Key': key },
      body,
    }),
  );

const decreaseOf = (findings: readonly Finding[]) => findings.find(({ code }) => code === 'DECREASE');

/** Whether an exchange of the counter that was recorded meanwhile explains that it shows less than before. */
function isExplained({ values, last }: HeldReading, { register, message_params }: Finding): boolean {
  const at = register ?? 0;
  return message_params.side !== 'later' && last !== null && Number(values[at]) >= Number(last.values[at]);
}

/** The claim with which a reading is accepted as it stands: a counter that went past its end. */
export const claimOf = ({ claim, findings }: HeldReading): 'rolled_over' | undefined =>
  claim === 'rolled_over' || findings.some(({ code }) => code === 'ROLLOVER') ? 'rolled_over' : undefined;

/** Where a replacement is recorded, with what is known of it already; afterwards the reading is looked at again. */
export function replacementAddress({ meter_id, reading_id, date }: HeldReading): string {
  return `/meters/${meter_id}/replace?${new URLSearchParams({ date, reading: reading_id })}`;
}

/** A household says that the counter was replaced, shows no less than before, and nothing explains it yet. */
function isClaimed({ last }: HeldReading, finding: Finding | undefined): boolean {
  const { side, bound } = finding?.message_params ?? {};
  const at = finding?.register ?? 0;
  return side === 'claimed' && last?.values[at] === bound;
}

interface Props {
  reading: HeldReading;
  where: string;
  onDecided: (reading: HeldReading, what: string) => void;
  onGone: () => void;
}

/** Accept or reject. Neither can be undone: what cannot be accepted says why, and a rejection wants its reason. */
export function HeldDecision({ reading, where, onDecided, onGone }: Props) {
  const [busy, setBusy] = useState(false);
  const [rejecting, setRejecting] = useState(false);
  const [refused, setRefused] = useState<readonly Finding[] | null>(null);
  const [told, setTold] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attempt = useRef<Attempt | null>(null);
  const { findings, unit, values } = reading;
  const decrease = decreaseOf(refused ?? findings);
  const doubted = decreaseOf(findings);
  const blocked = doubted !== undefined && !isExplained(reading, doubted);

  const accept = (claim = claimOf(reading)) => {
    if (busy) return;
    if (blocked && !claim) return setTold((count) => count + 1);
    setBusy(true);
    setProblem(null);
    const body: Decision = { decision: 'accept', ...(claim && { claim }) };
    attempt.current = attemptKey(attempt.current, JSON.stringify(body));
    decide(reading.reading_id, body, attempt.current.key).then(
      () => onDecided(reading, m.held_accepted({ where })),
      (error) => {
        setBusy(false);
        const failure = Problem.of(error);
        if (failure.code === 'decision_made') return onGone();
        if (failure.code !== 'decision_refused') return setProblem(failure);
        const said = failure.members.findings;
        setRefused(Array.isArray(said) ? (said as Finding[]) : findings);
        setTold((count) => count + 1);
      },
    );
  };
  useKeys({
    // A key that is held down must not go on with the next reading, which nobody has looked at yet.
    a: (event) => !event.repeat && accept(),
    r: (event) => !event.repeat && setRejecting(true),
  });

  const rolls = decrease && decrease.message_params.side !== 'later';
  return (
    <>
      {problem && <Failed problem={problem} />}
      {(blocked || refused) && (
        <Notice key={told} kind="warning" title={m.held_refused()} focus={told > 0} testId="held-refused">
          <ul>
            {(refused ?? findings)
              .filter(({ code }) => code === 'DECREASE' || refused)
              .map((finding, index) => (
                <li key={index}>{findingText(finding, unit, values.length)}</li>
              ))}
          </ul>
          <p>{rolls ? m.held_refused_ways() : m.held_refused_later()}</p>
          {rolls && (
            <div class="form-actions">
              <a class="button" href={replacementAddress(reading)}>
                {m.held_replace()}
              </a>
              <button type="button" class="button" onClick={() => accept('rolled_over')}>
                {m.held_accept_rolled()}
              </button>
            </div>
          )}
        </Notice>
      )}
      <div class="form-actions held-actions">
        {!blocked && (
          <button
            type="button"
            class="button button-main"
            aria-disabled={busy}
            data-busy={busy || undefined}
            aria-keyshortcuts="A"
            onClick={() => accept()}
          >
            {claimOf(reading) ? m.held_accept_rolled() : m.held_accept()}
          </button>
        )}
        {!blocked && !refused && isClaimed(reading, doubted) && (
          <a class="button" href={replacementAddress(reading)}>
            {m.held_replace()}
          </a>
        )}
        <button type="button" class="button" aria-keyshortcuts="R" onClick={() => setRejecting(true)}>
          {m.held_reject()}
        </button>
      </div>
      {rejecting && (
        <HeldReject
          send={(reason, key) => decide(reading.reading_id, { decision: 'reject', reason }, key)}
          where={where}
          action={m.held_reject()}
          onClose={() => setRejecting(false)}
          onRejected={() => {
            setRejecting(false);
            onDecided(reading, m.held_rejected({ where }));
          }}
          onGone={() => {
            setRejecting(false);
            onGone();
          }}
        />
      )}
    </>
  );
}
