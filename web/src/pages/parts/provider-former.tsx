import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { PaymentProvider } from '../../api/types';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Failed, Notice } from '../../ui/notice';

interface Props {
  provider: PaymentProvider;
  onEnded: (provider: PaymentProvider, said: string) => void;
}

/** Two generations of secrets are live: the former one can be ended, which cannot be undone. */
export function FormerSecret({ provider, onEnded }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const text = m.provider_former_text({ provider: PROVIDER_NAMES[provider.provider] });
  const end = () => {
    if (busy) return;
    setBusy(true);
    const path = { provider: provider.provider };
    unwrap(api.DELETE('/payment-providers/{provider}/former-secret', { params: { path } })).then(
      (ended) => onEnded(ended, m.provider_former_ended()),
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  return (
    <Notice kind="warning" title={m.provider_former()} testId="former-secret">
      <p>{text}</p>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        {m.provider_former_end()}
      </button>
      {asking && (
        <Dialog title={m.provider_former_end()} onClose={() => setAsking(false)}>
          <p>{text}</p>
          {problem && <Failed problem={problem} />}
          <Confirm action={m.provider_former_end()} onAction={end} busy={busy} onCancel={() => setAsking(false)} />
        </Dialog>
      )}
    </Notice>
  );
}
