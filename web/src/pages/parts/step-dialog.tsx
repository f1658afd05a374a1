import { useState } from 'preact/hooks';
import { Problem } from '../../api/problem';
import type { Desk } from '../../api/types';
import type { Status } from '../../i18n/desk-words';
import { DESK_STEPS, STEP_NEEDS } from '../../i18n/step-words';
import type { Wanted } from '../../i18n/wanted-words';
import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { Failed, Notice } from '../../ui/notice';
import { needsConfirming, type StepWords, textOf } from './desk-rules';
import { InsertAnswer, joined } from './insert-answer';
import { Area } from './select';
import { WantedSelect } from './wanted-select';

interface Props {
  /** What the ticket is called. */
  number: string;
  from: string;
  to: Status;
  answers: Desk['answers'];
  send: (said: StepWords) => Promise<unknown>;
  onClose: () => void;
}

/** A step that needs words: the result, the reason, or what the tenant is asked for. The tenant reads them. */
export default function StepDialog({ number, from, to, answers, send, onClose }: Props) {
  const need = textOf(from, to) ?? 'reason';
  const [text, setText] = useState('');
  const [wanted, setWanted] = useState<Wanted>('answer');
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const go = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setMissing(!text.trim());
    if (!text.trim()) return;
    setBusy(true);
    setProblem(null);
    send({ text: text.trim(), ...(need === 'question' && { wanted }) }).then(onClose, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };
  return (
    <Dialog title={m.queue_step_title({ step: DESK_STEPS[to](), number })} onClose={onClose}>
      <form onSubmit={go} noValidate>
        {problem && <Failed problem={problem} />}
        {missing && <Notice kind="bad" title={STEP_NEEDS[need].missing()} />}
        {needsConfirming(to) && <p>{m.queue_step_warning()}</p>}
        {need === 'question' && <WantedSelect value={wanted} onChange={setWanted} />}
        <InsertAnswer answers={answers} onInsert={(more) => setText(joined(text, more))} />
        <Area label={STEP_NEEDS[need].label()} hint={m.queue_tenant_reads()} value={text} onInput={setText} />
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
