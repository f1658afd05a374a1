import { useState } from 'preact/hooks';
import { Problem } from '../../api/problem';
import type { Desk } from '../../api/types';
import type { Status } from '../../i18n/desk-words';
import { DESK_STEPS } from '../../i18n/step-words';
import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { Failed, Notice } from '../../ui/notice';
import { needsConfirming, textOf } from './desk-rules';
import { InsertAnswer, joined } from './insert-answer';
import { Area } from './select';

interface Props {
  /** What the ticket is called. */
  number: string;
  from: string;
  to: Status;
  answers: Desk['answers'];
  send: (text: string) => Promise<unknown>;
  onClose: () => void;
}

const LABELS = {
  result: m.ticket_result,
  reason: m.queue_reason,
  remark: m.queue_remark,
};

/** A step that needs words: the result, the reason, or what the tenant is asked. The tenant reads them. */
export default function StepDialog({ number, from, to, answers, send, onClose }: Props) {
  const kind = textOf(from, to) ?? 'remark';
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const go = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setMissing(kind !== 'remark' && !text.trim());
    if (kind !== 'remark' && !text.trim()) return;
    setBusy(true);
    setProblem(null);
    send(text.trim()).then(onClose, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };
  return (
    <Dialog title={m.queue_step_title({ step: DESK_STEPS[to](), number })} onClose={onClose}>
      <form onSubmit={go} noValidate>
        {problem && <Failed problem={problem} />}
        {missing && <Notice kind="bad" title={kind === 'result' ? m.queue_result_wanted() : m.queue_reason_wanted()} />}
        {needsConfirming(to) && <p>{m.queue_step_warning()}</p>}
        <InsertAnswer answers={answers} onInsert={(more) => setText(joined(text, more))} />
        <Area label={LABELS[kind]()} hint={m.queue_tenant_reads()} value={text} onInput={setText} />
        <div class="form-actions">
          <button
            type="submit"
            class={needsConfirming(to) ? 'button button-bad' : 'button button-main'}
            aria-disabled={busy}
            data-busy={busy || undefined}
          >
            {DESK_STEPS[to]()}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {m.cancel_action()}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
