import { useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { ReconciliationLine } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { type Attempt, attemptKey, type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { Failed } from '../../ui/notice';

const SHORTEST = 3;
const LONGEST = 300;
/** Somebody else was quicker, or the provider has said something new. */
const GONE = ['conflict', 'not_found'];

interface Props {
  line: ReconciliationLine;
  onDone: () => void;
  onGone: () => void;
}

/** Ticks a line off with a note, or opens it again. */
export function ReconcileTick(props: Props) {
  return props.line.done_at ? <OpenAgain {...props} /> : <TickOff {...props} />;
}

const send = ({ line_id, version }: ReconciliationLine, note: string | null, key: string) =>
  unwrap(
    api.POST('/reconciliation/{line_id}/tick', {
      params: { path: { line_id } },
      headers: { 'Idempotency-Key': key },
      body: { note, version },
    }),
  );

function OpenAgain({ line, onDone, onGone }: Props) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = useRef<Attempt | null>(null);
  const open = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    attempt.current = attemptKey(attempt.current, `${line.version}`);
    send(line, null, attempt.current.key).then(onDone, (error) => {
      setBusy(false);
      if (GONE.includes(Problem.of(error).code)) onGone();
      else setProblem(Problem.of(error));
    });
  };
  return (
    <>
      <button type="button" class="button" aria-disabled={busy} data-busy={busy || undefined} onClick={open}>
        {m.reconcile_open()}
      </button>
      {problem && <Failed problem={problem} />}
    </>
  );
}

function TickOff({ line, onDone, onGone }: Props) {
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  // While the question is open, nothing else of the page can have the focus.
  const closing = (then: () => void) => () => {
    close();
    then();
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        {m.reconcile_tick()}
      </button>
      {asking && (
        <Dialog title={m.reconcile_tick_title()} onClose={close}>
          <NoteForm line={line} onDone={closing(onDone)} onGone={closing(onGone)} onCancel={close} />
        </Dialog>
      )}
    </>
  );
}

function NoteForm({ line, onDone, onGone, onCancel }: Props & { onCancel: () => void }) {
  const form = useForm(
    { note: '' },
    {
      check: ({ note }) => {
        const words = note.trim().length;
        const wrong: Errors = {};
        if (words < SHORTEST || words > LONGEST) wrong.note = m.reconcile_note_wanted;
        return wrong;
      },
      send: async ({ note }, key) => {
        try {
          await send(line, note.trim(), key);
        } catch (error) {
          if (!GONE.includes(Problem.of(error).code)) throw error;
          return onGone();
        }
        onDone();
      },
    },
  );
  return (
    <Form form={form}>
      <Field name="note" label={m.reconcile_note()} hint={m.reconcile_note_hint()} rows={2} />
      <div class="form-actions">
        <Submit busy={form.busy}>{m.reconcile_tick()}</Submit>
        <button type="button" class="button" onClick={onCancel}>
          {m.cancel_action()}
        </button>
      </div>
    </Form>
  );
}
