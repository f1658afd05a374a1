import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { ChannelSettings } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Failed, Notice } from '../../ui/notice';

interface Props {
  channel: ChannelSettings['channel'];
  onEnded: (channel: ChannelSettings, said: string) => void;
}

/** Two generations of secrets are live: the former one can be ended, which cannot be undone. */
export function ChannelFormer({ channel, onEnded }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const end = () => {
    if (busy) return;
    setBusy(true);
    const params = { path: { channel } };
    unwrap(api.DELETE('/notification-channels/{channel}/former-secret', { params })).then(
      (ended) => onEnded(ended, m.provider_former_ended()),
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  return (
    <Notice kind="warning" title={m.provider_former()} testId="former-secret">
      <p>{m.channel_former_text()}</p>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        {m.provider_former_end()}
      </button>
      {asking && (
        <Dialog title={m.provider_former_end()} onClose={() => setAsking(false)}>
          <p>{m.channel_former_text()}</p>
          {problem && <Failed problem={problem} />}
          <Confirm action={m.provider_former_end()} onAction={end} busy={busy} onCancel={() => setAsking(false)} />
        </Dialog>
      )}
    </Notice>
  );
}
