import type { Charge, PaymentOptions } from '../../api/types';
import { date, money } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { Check } from '../../ui/choices';
import type { FormState } from '../../ui/form';
import { chargeText } from './pay-charges';
import type { Choice } from './pay-rules';

interface Props {
  form: FormState<Choice>;
  options: PaymentOptions;
  charges: Map<string, Charge>;
}

/** The open items, what falls due first at the top, to choose one by one. */
export function PayItems({ form, options, charges }: Props) {
  const id = `${form.id}-items`;
  const error = form.errors.items;
  const day = (charge_id: string) => charges.get(charge_id)?.due_date ?? '';
  const open = Object.entries(options.open_items).sort(([a], [b]) => day(a).localeCompare(day(b)));
  const { items } = form.values;
  const toggle = (charge_id: string, chosen: boolean) =>
    form.set('items', chosen ? [...items, charge_id] : items.filter((one) => one !== charge_id));
  return (
    <fieldset
      class={error ? 'choices field-wrong' : 'choices'}
      aria-describedby={error ? `${id}-error` : undefined}
      aria-invalid={error ? true : undefined}
    >
      <legend class="legend">{m.pay_items()}</legend>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          <span class="hidden">{m.error_prefix()} </span>
          {error()}
        </p>
      )}
      {open.map(([charge_id, amount], index) => (
        <Check
          key={charge_id}
          id={index === 0 ? id : `${id}-${charge_id}`}
          label={m.pay_item({ what: chargeText(charges.get(charge_id)), amount: money(amount, options.currency) })}
          {...(day(charge_id) && { hint: m.pay_item_due({ date: date(day(charge_id)) }) })}
          checked={items.includes(charge_id)}
          onChange={(chosen) => toggle(charge_id, chosen)}
        />
      ))}
    </fieldset>
  );
}
