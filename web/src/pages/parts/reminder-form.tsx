import { api, unwrap } from '../../api/client';
import type { ReminderPolicy, ReminderPolicyRequest } from '../../api/types';
import { number } from '../../i18n/format';
import { STAGES, stagesText } from '../../i18n/reminder-words';
import { m } from '../../paraglide/messages.js';
import { type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { daysOf, stagesOf } from './reminder-stages';

interface Props {
  policy: ReminderPolicy;
  onSaved: (policy: ReminderPolicy) => void;
  /** Somebody else was quicker: shows how it stands. */
  onReload: () => void;
}

/** By the names of the wire what is typed: lists of days, and the pace. */
type Typed = Record<string, string>;

const PACE = 'per_second';
const isPace = (typed: string) => /^\d{1,6}$/.test(typed.trim());

/** Whether these are numbers; which of them may be is the server's word. */
function wrongIn({ [PACE]: pace = '', ...lists }: Typed): Errors {
  const wrong: Errors = {};
  for (const [name, typed] of Object.entries(lists)) if (!daysOf(typed)) wrong[name] = m.reminder_days_wanted;
  if (!isPace(pace)) wrong[PACE] = m.reminder_rate_wanted;
  return wrong;
}

/** When people are reminded, for administrators. */
export function ReminderForm({ policy, onSaved, onReload }: Props) {
  const stages = stagesOf(policy);
  const form = useForm<Typed>(
    { ...Object.fromEntries(stages.map(([name, days]) => [name, days.join(', ')])), [PACE]: String(policy.per_second) },
    {
      check: wrongIn,
      send: async (typed) => {
        const lists = Object.fromEntries(stages.map(([name]) => [name, daysOf(typed[name] ?? '') ?? []]));
        const body = { ...lists, per_second: Number(typed[PACE]), version: policy.version } as ReminderPolicyRequest;
        onSaved(await unwrap(api.PUT('/reminder-policy', { body })));
      },
    },
  );
  const pace = form.values[PACE] ?? '';
  return (
    <div class="no-print">
      <Form form={form} label={m.reminder_title()}>
        {form.general?.code === 'conflict' && (
          <p>
            <button type="button" class="button" onClick={onReload}>
              {m.provider_look_again()}
            </button>
          </p>
        )}
        {stages.map(([name]) => (
          <Stage key={name} name={name} typed={form.values[name] ?? ''} />
        ))}
        <Field
          name={PACE}
          label={m.reminder_rate()}
          hint={m.reminder_rate_hint()}
          inputMode="numeric"
          autoComplete="off"
          width="short"
          after={
            <p class="muted small">{isPace(pace) && m.reminder_rate_hour({ number: number(Number(pace) * 3600) })}</p>
          }
        />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.save_action()}</Submit>
        </div>
      </Form>
    </div>
  );
}

function Stage({ name, typed }: { name: string; typed: string }) {
  const words = STAGES[name];
  const days = daysOf(typed);
  const hints = [words?.after ? m.reminder_hint_after() : m.reminder_hint_before(), words?.hint?.()];
  return (
    <div>
      <Field
        name={name}
        label={words?.title() ?? name}
        hint={hints.filter(Boolean).join(' ')}
        autoComplete="off"
        optional
        width="medium"
        after={<p class="small">{days && stagesText(name, days)}</p>}
      />
      {words && (
        <a class="small" href={`/notification-templates?kind=${words.kind}`}>
          {m.reminder_message()}
        </a>
      )}
    </div>
  );
}
