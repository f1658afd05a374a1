import { useEffect, useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Tray } from '../../api/tray';
import type { Ticket } from '../../api/types';
import { askingOf } from '../../i18n/wanted-words';
import { m } from '../../paraglide/messages.js';
import { type Attempt, attemptKey, type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { Files } from './files';
import { keepWritten, recallWritten } from './written';

interface Props {
  ticket: Ticket;
  /** Something was done: the page looks at once. */
  onDone: () => void;
}

/** Writes to the ticket, the file first where one is asked for; files go on in the background as in a report. Loaded while something may be written. */
export default function TicketAnswer({ ticket, onDone }: Props) {
  const { ticket_id } = ticket;
  const file = ticket.awaiting_you && ticket.wanted !== 'answer';
  const [tray] = useState(() => new Tray());
  useEffect(() => () => tray.empty(), [tray]);
  const [sent, setSent] = useState(0);
  // The files belong to the attempt as much as the text does.
  const attempt = useRef<Attempt | null>(null);
  const form = useForm(
    { text: recallWritten(ticket_id, 'reply') },
    {
      check: ({ text }): Errors => (text.trim() || tray.items.value.length > 0 ? {} : { text: m.ticket_write_wanted }),
      send: async ({ text }) => {
        const attachments = await tray.keys();
        const body = { text, internal: false, attachments };
        attempt.current = attemptKey(attempt.current, JSON.stringify(body));
        const headers = { 'Idempotency-Key': attempt.current.key };
        await unwrap(api.POST('/tickets/{ticket_id}/comments', { params: { path: { ticket_id } }, headers, body }));
        attempt.current = null;
        tray.empty();
        keepWritten(ticket_id, 'reply', '');
        form.reset({ text: '' });
        setSent((count) => count + 1);
        onDone();
      },
    },
  );
  const { text } = form.values;
  useEffect(() => keepWritten(ticket_id, 'reply', text), [ticket_id, text]);
  const underWay = tray.items.value.some(({ state }) => state === 'sending' || state === 'checking');
  return (
    <section class="section no-print" id="answer" aria-labelledby="answer-title">
      <h2 id="answer-title">{m.ticket_write()}</h2>
      <p class="hidden" role="status">
        {sent > 0 && m.ticket_written()}
      </p>
      <Form form={form} label={m.ticket_write()}>
        {file && <Files tray={tray} label={askingOf(ticket).action()} main />}
        <Field name="text" label={m.ticket_entry_commented()} rows={4} />
        {!file && <Files tray={tray} />}
        {form.busy && underWay && (
          <p class="muted" role="status">
            {m.ticket_file_waits()}
          </p>
        )}
        <div class="form-actions">
          <Submit busy={form.busy}>{m.ticket_write_action()}</Submit>
        </div>
      </Form>
    </section>
  );
}
