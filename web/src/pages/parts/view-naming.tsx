import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { type Errors, Field, Form, Submit, useForm } from '../../ui/form';

interface Props {
  title: string;
  taken: string[];
  save: (name: string) => Promise<void>;
  onClose: () => void;
}

/** What a view is to be called. */
export default function ViewNaming({ title, taken, save, onClose }: Props) {
  const form = useForm(
    { name: '' },
    {
      check: ({ name }): Errors => {
        if (!name.trim()) return { name: m.field_missing };
        return taken.includes(name.trim()) ? { name: m.queue_view_taken } : {};
      },
      send: async ({ name }) => {
        await save(name.trim());
        onClose();
      },
    },
  );
  return (
    <Dialog title={title} onClose={onClose}>
      <Form form={form}>
        <Field name="name" label={m.queue_view_name()} hint={m.queue_view_name_hint()} />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.save_action()}</Submit>
          <button type="button" class="button" onClick={onClose}>
            {m.cancel_action()}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
