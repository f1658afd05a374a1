import { useEffect, useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { Tray } from '../../api/tray';
import type { Ticket } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { type Attempt, attemptKey } from '../../ui/form';
import { Icon } from '../../ui/icon';
import { Failed } from '../../ui/notice';
import { type DeskData, nameOfPerson } from './desk-data';
import { Files } from './files';
import { InsertAnswer, joined } from './insert-answer';
import { Area } from './select';
import { keepWritten, recallWritten } from './written';

interface Props {
  ticket: Ticket;
  data: DeskData;
  onWritten: () => void;
}

/**
 * A reply and an internal note are two forms that never share a text: changing from one to the other takes nothing along, and each
 * looks different and says on its button who will read it.
 */
export default function TicketWrite({ ticket, data, onWritten }: Props) {
  const [internal, setInternal] = useState(() => {
    const kept = (kind: 'reply' | 'internal') => recallWritten(ticket.ticket_id, kind) !== '';
    return !ticket.abilities.comment || (kept('internal') && !kept('reply'));
  });
  const [told, setTold] = useState('');
  const name = nameOfPerson(ticket.reporter_id) || m.queue_resident();
  const written = (text: string) => {
    setTold(text);
    onWritten();
  };
  return (
    <section class="section" aria-label={m.queue_write()}>
      <fieldset class="write-kinds">
        <legend class="hidden">{m.queue_write()}</legend>
        <button
          type="button"
          class="button"
          aria-pressed={!internal}
          aria-disabled={!ticket.abilities.comment}
          onClick={() => ticket.abilities.comment && setInternal(false)}
        >
          {m.queue_reply()}
        </button>
        <button type="button" class="button" aria-pressed={internal} onClick={() => setInternal(true)}>
          <Icon name="lock" />
          {m.ticket_internal()}
        </button>
      </fieldset>
      {!ticket.abilities.comment && <p class="muted">{m.queue_reply_ended()}</p>}
      <div hidden={internal}>
        <Writing
          ticket={ticket}
          internal={false}
          label={m.queue_reply_to({ name })}
          hint={m.queue_reply_hint()}
          action={m.queue_reply_action({ name })}
          answers={data.desk.answers}
          onWritten={() => written(m.queue_reply_sent())}
        />
      </div>
      <div hidden={!internal} class="write-internal">
        <Writing
          ticket={ticket}
          internal
          label={m.queue_note()}
          hint={m.queue_note_hint()}
          action={m.queue_note_action()}
          answers={[]}
          onWritten={() => written(m.queue_note_saved())}
        />
      </div>
      <p class="muted" role="status">
        {told}
      </p>
    </section>
  );
}

interface WritingProps {
  ticket: Ticket;
  internal: boolean;
  label: string;
  hint: string;
  action: string;
  answers: DeskData['desk']['answers'];
  onWritten: () => void;
}

function Writing({ ticket, internal, label, hint, action, answers, onWritten }: WritingProps) {
  const { ticket_id } = ticket;
  const kind = internal ? 'internal' : 'reply';
  const [text, setText] = useState(() => recallWritten(ticket_id, kind));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tray] = useState(() => new Tray());
  const attempt = useRef<Attempt | null>(null);
  useEffect(() => () => tray.empty(), [tray]);
  useEffect(() => keepWritten(ticket_id, kind, text), [ticket_id, kind, text]);
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setProblem(null);
    if (!text.trim() && tray.items.value.length === 0) return setProblem(new Problem('empty_comment', 422));
    setBusy(true);
    try {
      const body = { text: text.trim(), internal, attachments: await tray.keys() };
      attempt.current = attemptKey(attempt.current, JSON.stringify(body));
      await unwrap(
        api.POST('/tickets/{ticket_id}/comments', {
          params: { path: { ticket_id } },
          headers: { 'Idempotency-Key': attempt.current.key },
          body,
        }),
      );
      attempt.current = null;
      keepWritten(ticket_id, kind, '');
      setText('');
      tray.empty();
      onWritten();
    } catch (error) {
      setProblem(Problem.of(error));
    }
    setBusy(false);
  };
  return (
    <form
      class={internal ? 'write write-note' : 'write'}
      onSubmit={send}
      noValidate
      data-testid={internal ? 'note-form' : 'reply-form'}
    >
      {problem && <Failed problem={problem} />}
      <InsertAnswer answers={answers} onInsert={(more) => setText(joined(text, more))} />
      <Area label={label} hint={hint} value={text} onInput={setText} />
      <Files tray={tray} />
      <div class="form-actions">
        <button
          type="submit"
          class={internal ? 'button' : 'button button-main'}
          aria-disabled={busy}
          data-busy={busy || undefined}
        >
          {internal && <Icon name="lock" />}
          {action}
        </button>
      </div>
    </form>
  );
}
