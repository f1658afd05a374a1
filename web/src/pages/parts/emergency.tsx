import type { TicketSettings } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Check } from '../../ui/choices';
import type { FormState } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { nameOf } from './categories';
import type { Draft } from './draft';

type CallProps = TicketSettings['emergency_numbers'][number] & { short?: boolean };

function Call({ names, phone, short }: CallProps) {
  const words = m.report_emergency_call({ name: nameOf(names), phone });
  return (
    <a
      class="button button-main"
      href={`tel:${phone.replace(/\s/g, '')}`}
      aria-label={short ? words : undefined}
      data-testid={short ? 'emergency-number' : undefined}
    >
      {short ? phone : words}
    </a>
  );
}

export function EmergencyNumbers({ settings }: { settings: TicketSettings }) {
  return (
    <ul class="emergency-numbers">
      {settings.emergency_numbers.map(({ names, phone }) => (
        <li key={phone}>
          <Call names={names} phone={phone} />
        </li>
      ))}
    </ul>
  );
}

interface Props {
  form: FormState<Draft>;
  settings: TicketSettings;
  /** The problem is urgent by its nature, as a smell of gas: nobody has to say so first. */
  urgent?: boolean;
}

/** The first number is always a tap away; all of them stand there when the switch is on or the problem is urgent. */
export function Emergency({ form, settings, urgent }: Props) {
  const on = form.values.emergency;
  const numbers = (urgent || on) && (
    <Notice kind="bad" title={m.report_emergency_title()} testId="emergency">
      <EmergencyNumbers settings={settings} />
    </Notice>
  );
  return (
    <div class="emergency">
      {urgent && numbers}
      <div class="emergency-numbers">
        <Check
          id={`${form.id}-emergency`}
          label={m.report_emergency()}
          hint={m.report_emergency_hint()}
          checked={on}
          onChange={(ticked) => form.set('emergency', ticked)}
        />
        {!numbers && settings.emergency_numbers.slice(0, 1).map((number) => <Call key="first" {...number} short />)}
      </div>
      {!urgent && numbers}
    </div>
  );
}
