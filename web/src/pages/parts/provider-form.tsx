import { useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import type { PaymentProvider } from '../../api/types';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Check } from '../../ui/choices';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { type Errors, Form, Submit, useForm } from '../../ui/form';
import { ProviderFee, readFee, type TypedFee, typedFee } from './provider-fee';
import { ProviderFields, ProviderWebhook } from './provider-fields';
import { FormerSecret } from './provider-former';

interface Props {
  provider: PaymentProvider;
  onSaved: (provider: PaymentProvider, said: string) => void;
  /** Somebody else was quicker: shows how it stands. */
  onReload: () => void;
}

/** Settings and secrets as typed, by their names on the wire, and what else is chosen. */
type Typed = TypedFee & { part_payment: boolean } & Record<string, string | boolean>;

function typedOf({ fields, settings, part_payment, fee }: PaymentProvider, currency: string): Typed {
  const values = fields.map(({ name, secret }) => [name, secret ? '' : (settings[name] ?? '')]);
  return { ...Object.fromEntries(values), part_payment, ...typedFee(fee, currency) };
}

/** What is wrong with what is typed; a provider that is on needs everything that it cannot do without. */
function wrongIn({ fields, secrets_set }: PaymentProvider, typed: Typed, enabled: boolean): Errors {
  const wrong: Errors = {};
  for (const { name, secret, required, default: usual, pattern } of fields) {
    const text = String(typed[name] ?? '').trim();
    const needed = required && !usual && !(secret && secrets_set.includes(name));
    if (!text && needed && enabled) wrong[name] = m.field_missing;
    if (text && !new RegExp(`^(?:${pattern})$`).test(text)) wrong[name] = m.provider_code_setting;
  }
  return wrong;
}

/** What is typed as the two maps of the wire; what is empty is not said. */
function given({ fields }: PaymentProvider, typed: Typed) {
  const of = (secret: boolean) =>
    Object.fromEntries(
      fields
        .filter((field) => field.secret === secret)
        .map(({ name }) => [name, String(typed[name] ?? '').trim()])
        .filter(([, text]) => text),
    ) as Record<string, string>;
  return { settings: of(false), secrets: of(true) };
}

/** One provider: the organisation's account with it, where its messages go, what paying costs, and whether it is on. */
export default function ProviderForm({ provider, onSaved, onReload }: Props) {
  const { currency } = currentMe().organisation;
  const name = PROVIDER_NAMES[provider.provider];
  const [asking, setAsking] = useState(false);
  // Whether it shall be on after this attempt; read while `submit` runs.
  const wanted = useRef(provider.enabled);
  const form = useForm<Typed>(typedOf(provider, currency), {
    fields: { fixed: 'fee_fixed', basis_points: 'fee_percent', most: 'fee_most' },
    check: (typed) => ({ ...wrongIn(provider, typed, wanted.current), ...readFee(typed, currency).wrong }),
    send: async (typed) => {
      const enabled = wanted.current;
      const { part_payment } = typed;
      const { fee } = readFee(typed, currency);
      const body = { enabled, part_payment, ...given(provider, typed), fee, version: provider.version };
      const path = { provider: provider.provider };
      const saved = await unwrap(api.PUT('/payment-providers/{provider}', { params: { path }, body }));
      const turned = enabled ? m.provider_turned_on : m.provider_turned_off;
      onSaved(saved, enabled === provider.enabled ? m.provider_saved() : turned({ provider: name }));
    },
  });
  const turn = () => {
    setAsking(false);
    wanted.current = !provider.enabled;
    form.submit();
    wanted.current = provider.enabled;
  };
  const action = (provider.enabled ? m.provider_turn_off : m.provider_turn_on)({ provider: name });
  return (
    <>
      {provider.former_secret_lives && <FormerSecret provider={provider} onEnded={onSaved} />}
      <Form form={form}>
        {form.general?.code === 'conflict' && (
          <button type="button" class="button" onClick={onReload}>
            {m.provider_look_again()}
          </button>
        )}
        <ProviderFields provider={provider} />
        <ProviderWebhook provider={provider} />
        <Check
          id={`${form.id}-part_payment`}
          label={m.provider_part()}
          hint={m.provider_part_hint()}
          checked={form.values.part_payment}
          onChange={(checked) => form.set('part_payment', checked)}
        />
        <ProviderFee form={form} provider={provider.provider} />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.save_action()}</Submit>
          <button type="button" class="button" onClick={() => setAsking(true)}>
            {action}
          </button>
        </div>
      </Form>
      {asking && (
        <Dialog title={action} onClose={() => setAsking(false)}>
          <p>
            {provider.enabled
              ? m.provider_off_text({ provider: name })
              : m.provider_on_text({ provider: name, currencies: provider.currencies.join(', ') })}
          </p>
          <Confirm action={action} onAction={turn} busy={form.busy} onCancel={() => setAsking(false)} />
        </Dialog>
      )}
    </>
  );
}
