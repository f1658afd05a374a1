import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { ChannelOffer } from '../../api/types';
import { channelName } from '../../i18n/notice-channels';
import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { type Errors, Field, Form, Submit, useForm } from '../../ui/form';
import { LoadedPart } from '../../ui/loaded';

interface Props {
  channel: ChannelOffer['channel'];
  onDone: (text: string) => void;
  onClose: () => void;
}

const NUMBER = /^\+[1-9]\d{6,14}$/;

/** A number as it is dialled from abroad: "0048 600-100-200" is "+48600100200". */
export const dialled = (typed: string): string => typed.replace(/[\s().\-/]/g, '').replace(/^00/, '+');

/** Links a telephone number by a code that is sent to it. */
export default function NotifyCode({ channel, onDone, onClose }: Props) {
  const [sent, setSent] = useState(false);
  const name = channelName(channel);
  const contact = useResource('contact', () => unwrap(api.GET('/me/contact')));
  return (
    <Dialog title={m.notify_link({ channel: name })} onClose={onClose}>
      {sent ? (
        <Confirmation
          channel={channel}
          onDone={() => onDone(m.notify_link_done({ channel: name }))}
          onBack={() => setSent(false)}
        />
      ) : (
        <LoadedPart of={contact}>
          {({ phone }) => <Phone channel={channel} phone={phone} onSent={() => setSent(true)} onClose={onClose} />}
        </LoadedPart>
      )}
    </Dialog>
  );
}

interface PhoneProps {
  channel: string;
  phone: string;
  onSent: () => void;
  onClose: () => void;
}

function Phone({ channel, phone, onSent, onClose }: PhoneProps) {
  const form = useForm(
    { phone },
    {
      check: (values): Errors => (NUMBER.test(dialled(values.phone)) ? {} : { phone: m.notify_phone_wanted }),
      send: async (values) => {
        const body = { phone: dialled(values.phone) };
        await unwrap(api.POST('/notifications/channels/{channel}/link', { params: { path: { channel } }, body }));
        onSent();
      },
    },
  );
  return (
    <Form form={form}>
      <Field
        name="phone"
        label={m.notify_phone()}
        hint={m.notify_phone_hint()}
        type="tel"
        inputMode="tel"
        autoComplete="tel"
      />
      <Actions busy={form.busy} action={m.notify_code_send()} back={m.cancel_action()} onBack={onClose} />
    </Form>
  );
}

function Confirmation({ channel, onDone, onBack }: { channel: string; onDone: () => void; onBack: () => void }) {
  const form = useForm(
    { code: '' },
    {
      check: ({ code }): Errors => (/^\d{6}$/.test(code.trim()) ? {} : { code: m.notify_code_wanted }),
      send: async ({ code }) => {
        const body = { code: code.trim() };
        const params = { path: { channel } };
        await unwrap(api.POST('/notifications/channels/{channel}/confirmation', { params, body }));
        onDone();
      },
    },
  );
  return (
    <Form form={form}>
      <Field
        name="code"
        label={m.notify_code()}
        hint={m.notify_code_hint()}
        inputMode="numeric"
        autoComplete="one-time-code"
        width="short"
      />
      <Actions busy={form.busy} action={m.notify_code_confirm()} back={m.reset_again()} onBack={onBack} />
    </Form>
  );
}

function Actions({ busy, action, back, onBack }: { busy: boolean; action: string; back: string; onBack: () => void }) {
  return (
    <div class="form-actions">
      <Submit busy={busy}>{action}</Submit>
      <button type="button" class="button" onClick={onBack}>
        {back}
      </button>
    </div>
  );
}
