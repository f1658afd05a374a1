import { useEffect, useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { Tray } from '../../api/tray';
import type { Ticket } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Choices } from '../../ui/choices';
import { Dialog } from '../../ui/dialog';
import { type Attempt, attemptKey, type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { Failed } from '../../ui/notice';
import { Files } from './files';
import { Stars } from './ticket-head';

interface Props {
  ticket: Ticket;
  /** Something was done: the page looks at once. */
  onDone: () => void;
}

const path = (ticket: Ticket) => ({ params: { path: { ticket_id: ticket.ticket_id } } });

/** Writes to the ticket; files go on in the background as in a report. */
export function Answer({ ticket, onDone }: Props) {
  const [tray] = useState(() => new Tray());
  useEffect(() => () => tray.empty(), [tray]);
  const [sent, setSent] = useState(0);
  // The files belong to the attempt as much as the text does.
  const attempt = useRef<Attempt | null>(null);
  const form = useForm(
    { text: '' },
    {
      check: ({ text }): Errors => (text.trim() || tray.items.value.length > 0 ? {} : { text: m.ticket_write_wanted }),
      send: async ({ text }) => {
        const attachments = await tray.keys();
        const body = { text, internal: false, attachments };
        attempt.current = attemptKey(attempt.current, JSON.stringify(body));
        const headers = { 'Idempotency-Key': attempt.current.key };
        await unwrap(api.POST('/tickets/{ticket_id}/comments', { ...path(ticket), headers, body }));
        attempt.current = null;
        tray.empty();
        form.reset({ text: '' });
        setSent((count) => count + 1);
        onDone();
      },
    },
  );
  const underWay = tray.items.value.some(({ state }) => state === 'sending' || state === 'checking');
  return (
    <section class="section no-print" id="answer" aria-labelledby="answer-title">
      <h2 id="answer-title">{m.ticket_write()}</h2>
      <p class="hidden" role="status">
        {sent > 0 && m.ticket_written()}
      </p>
      <Form form={form} label={m.ticket_write()}>
        <Field name="text" label={m.ticket_entry_commented()} rows={4} />
        <Files tray={tray} />
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

/** How it went, once it has ended: one to five stars and words. */
export function Rating({ ticket, onDone }: Props) {
  const form = useForm(
    { stars: '', text: '' },
    {
      check: ({ stars }): Errors => (stars ? {} : { stars: m.ticket_rate_wanted }),
      send: async ({ stars, text }, key) => {
        const headers = { 'Idempotency-Key': key };
        const body = { stars: Number(stars), text };
        await unwrap(api.POST('/tickets/{ticket_id}/rating', { ...path(ticket), headers, body }));
        onDone();
      },
    },
  );
  return (
    <section class="section no-print" aria-labelledby="rating-title" data-testid="rating">
      <h2 id="rating-title">{m.ticket_rate()}</h2>
      <Form form={form} label={m.ticket_rate()}>
        <Choices
          form={form}
          name="stars"
          legend={m.ticket_entry_rated_plain()}
          hint={m.ticket_rate_hint()}
          options={[1, 2, 3, 4, 5].map((count) => ({ value: String(count), label: <Stars count={count} /> }))}
        />
        <Field name="text" label={m.ticket_rate_words()} rows={3} optional />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.ticket_rate_action()}</Submit>
        </div>
      </Form>
    </section>
  );
}

/** "It is not settled": asks why, because the next person to read it has to know. */
export function Reopening({ ticket, onDone }: Props) {
  const [open, setOpen] = useState(false);
  const form = useForm(
    { text: '' },
    {
      check: ({ text }): Errors => (text.trim() ? {} : { text: m.ticket_reopen_wanted }),
      send: async (body, key) => {
        const headers = { 'Idempotency-Key': key };
        await unwrap(api.POST('/tickets/{ticket_id}/reopening', { ...path(ticket), headers, body }));
        onDone();
      },
    },
  );
  if (!open) {
    return (
      <p class="no-print">
        <button type="button" class="button" onClick={() => setOpen(true)}>
          {m.ticket_reopen()}
        </button>
      </p>
    );
  }
  return (
    <section class="section no-print" aria-labelledby="reopening-title">
      <h2 id="reopening-title">{m.ticket_reopen()}</h2>
      <Form form={form} label={m.ticket_reopen()}>
        <Field name="text" label={m.ticket_reopen_reason()} rows={3} />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.ticket_reopen_action()}</Submit>
          <button type="button" class="button button-quiet" onClick={() => setOpen(false)}>
            {m.cancel_action()}
          </button>
        </div>
      </Form>
    </section>
  );
}

export function Withdrawal({ ticket, onDone }: Props) {
  const [asked, setAsked] = useState(false);
  const [attempt] = useState(() => attemptKey(null, ticket.ticket_id));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const headers = { 'Idempotency-Key': attempt.key };
    unwrap(api.POST('/tickets/{ticket_id}/withdrawal', { ...path(ticket), headers })).then(
      () => {
        setAsked(false);
        setBusy(false);
        onDone();
      },
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  return (
    <p class="no-print">
      <button type="button" class="button button-bad" onClick={() => setAsked(true)}>
        {m.ticket_withdraw()}
      </button>
      {asked && (
        <Dialog title={m.ticket_withdraw_title()} onClose={() => setAsked(false)}>
          {problem && <Failed problem={problem} />}
          <p>{m.ticket_withdraw_text()}</p>
          <div class="form-actions">
            <button
              type="button"
              class="button button-main"
              aria-disabled={busy}
              data-busy={busy || undefined}
              onClick={send}
            >
              {m.ticket_withdraw()}
            </button>
            <button type="button" class="button" onClick={() => setAsked(false)}>
              {m.ticket_withdraw_keep()}
            </button>
          </div>
        </Dialog>
      )}
    </p>
  );
}
