import { api, unwrap } from '../../api/client';
import type { ChannelSettings } from '../../api/types';
import { channelField } from '../../i18n/channel-fields';
import { m } from '../../paraglide/messages.js';
import { Check } from '../../ui/choices';
import { type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { ChannelFormer } from './channel-former';
import { ChannelWebhook } from './channel-webhook';
import { choicesOf, valueText } from './provider-words';

interface Props {
  settings: ChannelSettings;
  onSaved: (channel: ChannelSettings, said: string) => void;
  /** Somebody else was quicker: shows how it stands. */
  onReload: () => void;
}

/** What is typed, by its names on the wire; a secret is never shown, and empty it is kept. */
type Typed = { enabled: boolean } & Record<string, string | boolean>;

const typedOf = ({ enabled, fields, settings }: ChannelSettings): Typed => ({
  ...Object.fromEntries(fields.map(({ name, secret }) => [name, secret ? '' : (settings[name] ?? '')])),
  enabled,
});

const text = (typed: Typed, name: string): string => String(typed[name] ?? '').trim();

/** The shape of what is typed; whether something is missing is the server's word, which also knows what the deployment has. */
function wrongIn({ fields }: ChannelSettings, typed: Typed): Errors {
  const wrong = fields.filter(
    ({ name, pattern }) => text(typed, name) && !new RegExp(`^(?:${pattern})$`).test(text(typed, name)),
  );
  return Object.fromEntries(wrong.map(({ name }) => [name, m.code_invalid_channel_setting]));
}

function given({ fields }: ChannelSettings, typed: Typed, secret: boolean): Record<string, string> {
  const entered = fields.filter((one) => one.secret === secret && text(typed, one.name));
  return Object.fromEntries(entered.map(({ name }) => [name, text(typed, name)]));
}

/** The organisation's account with one channel, and whether people are written to by it. */
export default function ChannelForm({ settings, onSaved, onReload }: Props) {
  const form = useForm<Typed>(typedOf(settings), {
    check: (typed) => wrongIn(settings, typed),
    send: async (typed) => {
      const params = { path: { channel: settings.channel } };
      const body = {
        enabled: typed.enabled,
        settings: given(settings, typed, false),
        secrets: given(settings, typed, true),
        version: settings.version,
      };
      onSaved(await unwrap(api.PUT('/notification-channels/{channel}', { params, body })), m.provider_saved());
    },
  });
  const rare = settings.fields.filter((field) => field.default);
  const one = (field: ChannelSettings['fields'][number]) => (
    <Setting key={field.name} field={field} isSet={settings.secrets_set.includes(field.name)} />
  );
  return (
    <>
      {settings.former_secret_lives && <ChannelFormer channel={settings.channel} onEnded={onSaved} />}
      <Form form={form}>
        {form.general?.code === 'conflict' && (
          <button type="button" class="button" onClick={onReload}>
            {m.provider_look_again()}
          </button>
        )}
        <Check
          id={`${form.id}-enabled`}
          label={m.channel_enabled()}
          checked={form.values.enabled}
          onChange={(checked) => form.set('enabled', checked)}
        />
        <div class="fields">{settings.fields.filter((field) => !field.default).map(one)}</div>
        {settings.fields.some(({ secret }) => secret) && <p class="hint">{m.provider_rotation()}</p>}
        {rare.length > 0 && (
          <details class="desk-more">
            <summary>{m.provider_more()}</summary>
            <p class="hint">{m.provider_more_hint()}</p>
            <div class="fields">{rare.map(one)}</div>
          </details>
        )}
        <div class="form-actions">
          <Submit busy={form.busy}>{m.save_action()}</Submit>
        </div>
      </Form>
      <ChannelWebhook settings={settings} />
    </>
  );
}

function Setting({ field, isSet }: { field: ChannelSettings['fields'][number]; isSet: boolean }) {
  const { name, secret, required, default: usual, pattern } = field;
  const hint = [
    secret && (isSet ? m.provider_secret_set() : m.provider_secret_unset()),
    usual && m.provider_usual({ value: valueText(usual) }),
  ];
  const choices = choicesOf(pattern).map((value) => ({ value, label: valueText(value) }));
  return (
    <Field
      name={name}
      label={channelField(name)}
      hint={hint.filter(Boolean).join(' ')}
      type={secret ? 'password' : 'text'}
      autoComplete={secret ? 'new-password' : 'off'}
      optional={!required || usual !== '' || isSet}
      {...(choices.length > 0 && { options: [{ value: '', label: m.provider_as_usual() }, ...choices] })}
    />
  );
}
