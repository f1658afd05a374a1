import type { TicketSettings } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Check } from '../../ui/choices';
import type { FormState } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { nameOf } from './categories';
import type { Draft } from './draft';

export function EmergencyNumbers({ settings }: { settings: TicketSettings }) {
  return (
    <ul class="emergency-numbers">
      {settings.emergency_numbers.map(({ names, phone }) => (
        <li key={phone}>
          <a class="button button-main" href={`tel:${phone.replace(/\s/g, '')}`}>
            {m.report_emergency_call({ name: nameOf(names), phone })}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The switch; when it is on, the numbers stand before everything else. */
export function Emergency({ form, settings }: { form: FormState<Draft>; settings: TicketSettings }) {
  return (
    <div class="emergency">
      <Check
        id={`${form.id}-emergency`}
        label={m.report_emergency()}
        hint={m.report_emergency_hint()}
        checked={form.values.emergency}
        onChange={(on) => form.set('emergency', on)}
      />
      {form.values.emergency && (
        <Notice kind="bad" title={m.report_emergency_title()} testId="emergency">
          <EmergencyNumbers settings={settings} />
        </Notice>
      )}
    </div>
  );
}
