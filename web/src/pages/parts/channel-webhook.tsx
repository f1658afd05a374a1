import { useId, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { ChannelSettings } from '../../api/types';
import { channelName } from '../../i18n/notice-channels';
import { m } from '../../paraglide/messages.js';
import { Failed } from '../../ui/notice';

/** Channels that call us; the others report by other ways. Of these, those that are told our address by a call. */
const CALLING = ['telegram', 'viber', 'whatsapp'];
const TOLD = ['telegram', 'viber'];

/** The address that a channel calls, and the way to let it know. */
export function ChannelWebhook({ settings }: { settings: ChannelSettings }) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const channel = channelName(settings.channel);
  if (!CALLING.includes(settings.channel)) return null;
  const register = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    setSaid('');
    const params = { path: { channel: settings.channel } };
    try {
      const { state, code } = await unwrap(api.POST('/notification-channels/{channel}/registration', { params }));
      const words = state === 'sent' ? m.channel_registered({ channel }) : m.channel_register_failed({ channel, code });
      setSaid(words);
    } catch (error) {
      setProblem(Problem.of(error));
    }
    setBusy(false);
  };
  return (
    <div class="field">
      <label for={id}>{m.provider_webhook()}</label>
      <p class="hint" id={`${id}-hint`}>
        {m.channel_webhook_hint({ channel })}
      </p>
      <input
        id={id}
        class="control control-wide"
        type="text"
        readOnly
        value={settings.webhook_url}
        aria-describedby={`${id}-hint`}
      />
      {settings.enabled && TOLD.includes(settings.channel) && (
        <p class="form-actions">
          <button
            type="button"
            class="button button-quiet"
            aria-disabled={busy}
            data-busy={busy || undefined}
            onClick={() => void register()}
          >
            {m.channel_register({ channel })}
          </button>
        </p>
      )}
      <p role="status">{said}</p>
      {problem && <Failed problem={problem} />}
    </div>
  );
}
