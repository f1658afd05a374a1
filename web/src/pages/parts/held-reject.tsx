import { Problem } from '../../api/problem';
import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { Field, Form, Submit, useForm } from '../../ui/form';

const LONGEST = 500;

interface Props {
  send: (reason: string, key: string) => Promise<unknown>;
  where: string;
  /** What the button says. */
  action: string;
  onClose: () => void;
  onRejected: () => void;
  onGone: () => void;
}

/** A rejection cannot be taken back, and the household reads why. */
export default function HeldReject({ send, where, action, onClose, onRejected, onGone }: Props) {
  const form = useForm(
    { reason: '' },
    {
      check: ({ reason }) => {
        if (!reason.trim()) return { reason: m.queue_reason_wanted };
        return reason.trim().length > LONGEST
          ? { reason: () => m.field_too_long({ count: LONGEST }) }
          : ({} as Record<string, () => string>);
      },
      send: async ({ reason }, key) => {
        try {
          // The reason is one line of a message.
          await send(reason.trim().replace(/\s+/g, ' '), key);
        } catch (error) {
          if (Problem.of(error).code === 'decision_made') return onGone();
          throw error;
        }
        onRejected();
      },
    },
  );
  return (
    <Dialog title={m.held_reject_title({ where })} onClose={onClose}>
      <Form form={form}>
        <p>{m.held_reject_text()}</p>
        <Field name="reason" label={m.queue_reason()} hint={m.queue_tenant_reads()} rows={3} />
        <div class="form-actions">
          <Submit busy={form.busy}>{action}</Submit>
          <button type="button" class="button" onClick={onClose}>
            {m.cancel_action()}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
