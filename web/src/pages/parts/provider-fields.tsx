import { useId, useState } from 'preact/hooks';
import type { PaymentProvider } from '../../api/types';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { Field } from '../../ui/form';
import { choicesOf, fieldHelp, fieldLabel, valueText, webhookHelp } from './provider-words';

type Asked = PaymentProvider['fields'][number];

interface Props {
  provider: PaymentProvider;
}

/** What the provider has given out; what has a usual value stands apart. */
export function ProviderFields({ provider }: Props) {
  const rare = provider.fields.filter((field) => field.default);
  const one = (field: Asked) => <Setting key={field.name} field={field} provider={provider} />;
  return (
    <section class="section" aria-labelledby="access">
      <h2 id="access">{m.provider_access({ provider: PROVIDER_NAMES[provider.provider] })}</h2>
      <div class="fields">{provider.fields.filter((field) => !field.default).map(one)}</div>
      <p class="hint">{m.provider_rotation()}</p>
      {rare.length > 0 && (
        <details class="desk-more">
          <summary>{m.provider_more()}</summary>
          <p class="hint">{m.provider_more_hint()}</p>
          <div class="fields">{rare.map(one)}</div>
        </details>
      )}
    </section>
  );
}

function Setting({ field, provider }: Props & { field: Asked }) {
  const { name, secret, required, default: usual, pattern } = field;
  const isSet = provider.secrets_set.includes(name);
  const hint = [
    fieldHelp(provider.provider, name),
    secret && (isSet ? m.provider_secret_set() : m.provider_secret_unset()),
    usual && m.provider_usual({ value: valueText(usual) }),
  ];
  const choices = choicesOf(pattern).map((value) => ({ value, label: valueText(value) }));
  return (
    <Field
      name={name}
      label={fieldLabel(name)}
      hint={hint.filter(Boolean).join(' ')}
      type={secret ? 'password' : 'text'}
      autoComplete={secret ? 'new-password' : 'off'}
      optional={!required || usual !== '' || isSet}
      {...(choices.length > 0 && { options: [{ value: '', label: m.provider_as_usual() }, ...choices] })}
    />
  );
}

/** The address that the provider sends its messages to, to be copied into its console. */
export function ProviderWebhook({ provider }: Props) {
  const id = useId();
  const [said, setSaid] = useState('');
  const copy = () => {
    // Browsers give the clipboard only to secure pages.
    const written = navigator.clipboard?.writeText(provider.webhook_url) ?? Promise.reject();
    written.then(
      () => setSaid(m.provider_copied()),
      () => setSaid(m.provider_copy_failed()),
    );
  };
  return (
    <div class="field">
      <label for={id}>{m.provider_webhook()}</label>
      <p class="hint" id={`${id}-hint`}>
        {webhookHelp(provider.provider, PROVIDER_NAMES[provider.provider])}
      </p>
      <input
        id={id}
        class="control"
        type="text"
        readOnly
        value={provider.webhook_url}
        aria-describedby={`${id}-hint`}
      />
      <p class="form-actions">
        <button type="button" class="button button-quiet" onClick={copy}>
          {m.provider_copy()}
        </button>
        <span role="status">{said}</span>
      </p>
    </div>
  );
}
