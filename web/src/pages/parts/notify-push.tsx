import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { m } from '../../paraglide/messages.js';
import { keepPushLink } from '../../session/push';
import { Failed } from '../../ui/notice';
import { canPush, isRefused, subscribe } from './notify-subscription';

/** What a press does in this browser, or why it cannot be done here. */
export function PushHint({ publicKey }: { publicKey: string | null }) {
  return <p class="muted small">{publicKey && canPush() ? m.notify_push_how() : m.notify_push_cannot()}</p>;
}

/** Lets this browser show messages. It asks the reader for permission only once he has pressed the button. */
export function NotifyPush({ publicKey, onDone }: { publicKey: string | null; onDone: (text: string) => void }) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(isRefused());
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!publicKey || !canPush()) return null;
  const link = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const subscription = await subscribe(publicKey);
      setRefused(subscription === null);
      if (!subscription) return;
      const path = { channel: 'push' };
      const body = { subscription };
      const linked = await unwrap(api.POST('/notifications/channels/{channel}/link', { params: { path }, body }));
      keepPushLink(linked.link_id ?? null);
      onDone(m.notify_link_done({ channel: m.notify_push() }));
    } catch (error) {
      setProblem(Problem.of(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="channel-push">
      <button
        type="button"
        class="button"
        aria-disabled={busy}
        data-busy={busy || undefined}
        onClick={() => void link()}
      >
        {m.notify_push_allow()}
      </button>
      <p role="status">{refused && m.notify_push_denied()}</p>
      {problem && <Failed problem={problem} />}
    </div>
  );
}
