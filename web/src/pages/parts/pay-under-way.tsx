import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { instant, money, relative } from '../../i18n/format';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Failed, Notice } from '../../ui/notice';
import { leave } from './pay-leave';
import type { UnderWay } from './pay-rules';

interface Props {
  attempt: UnderWay;
  currency: string;
  /** Takes the focus: it came in answer to what was just done. */
  focus?: boolean;
  /** Further ways on, behind those to the payment. */
  children?: ComponentChildren;
}

/** A payment that is under way, so that nobody pays twice by accident: its sum, the time left, and the way to it: back to the provider while nothing is being processed, else only to its page. */
export function PayUnderWay({ attempt, currency, focus, children }: Props) {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { payment_id, amount, provider, state, expires_at } = attempt;
  const here = `/payments/${payment_id}`;
  const goOn = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    unwrap(api.GET('/payments/{payment_id}', { params: { path: { payment_id } } }))
      // Somebody else's, or over meanwhile: then its page says so.
      .then(({ redirect }) => (redirect ? leave(redirect) : route(here)))
      .catch((error) => setProblem(Problem.of(error)))
      .finally(() => setBusy(false));
  };
  const name = PROVIDER_NAMES[provider];
  return (
    <Notice
      kind="warning"
      title={m.pay_under_way({ amount: money(amount, currency) })}
      testId="under-way"
      {...(focus && { focus })}
    >
      <p>
        {state === 'pending'
          ? m.pay_under_way_pending({ provider: name })
          : m.pay_under_way_started({
              provider: name,
              time: instant(expires_at, currentMe().organisation.time_zone),
              left: relative(expires_at),
            })}
      </p>
      {problem && <Failed problem={problem} />}
      <p class="form-actions">
        {state !== 'pending' && (
          <button type="button" class="button" aria-disabled={busy} data-busy={busy || undefined} onClick={goOn}>
            {m.pay_go_on()}
          </button>
        )}
        <a class="button button-quiet" href={here}>
          {m.pay_see()}
        </a>
        {children}
      </p>
    </Notice>
  );
}
