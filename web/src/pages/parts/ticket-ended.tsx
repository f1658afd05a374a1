import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import type { Ticket } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Choices } from '../../ui/choices';
import { type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { Stars } from './stars';

export type Deed = 'rated' | 'reopened';

interface Props {
  ticket: Ticket;
  onDone: (deed: Deed) => void;
}

const path = (ticket: Ticket) => ({ params: { path: { ticket_id: ticket.ticket_id } } });

/** What can be done about a ticket that has ended. Loaded when one has. */
export default function TicketEnded(props: Props) {
  const { rate, reopen } = props.ticket.abilities;
  return (
    <>
      {rate && <Rating {...props} />}
      {reopen && <Reopening {...props} />}
    </>
  );
}

/** How it went, once it has ended: one to five stars and words. */
function Rating({ ticket, onDone }: Props) {
  const form = useForm(
    { stars: '', text: '' },
    {
      check: ({ stars }): Errors => (stars ? {} : { stars: m.ticket_rate_wanted }),
      send: async ({ stars, text }, key) => {
        const headers = { 'Idempotency-Key': key };
        const body = { stars: Number(stars), text };
        await unwrap(api.POST('/tickets/{ticket_id}/rating', { ...path(ticket), headers, body }));
        onDone('rated');
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
function Reopening({ ticket, onDone }: Props) {
  const [open, setOpen] = useState(false);
  const form = useForm(
    { text: '' },
    {
      check: ({ text }): Errors => (text.trim() ? {} : { text: m.ticket_reopen_wanted }),
      send: async (body, key) => {
        const headers = { 'Idempotency-Key': key };
        await unwrap(api.POST('/tickets/{ticket_id}/reopening', { ...path(ticket), headers, body }));
        onDone('reopened');
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
