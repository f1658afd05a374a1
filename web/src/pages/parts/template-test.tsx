import { useState } from 'preact/hooks';
import { Problem } from '../../api/problem';
import { deliveryState } from '../../i18n/delivery-words';
import '../../i18n/notice-codes';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Failed, Notice } from '../../ui/notice';

interface Outcome {
  state: string;
  code: string;
}

/** Sends the message, as it stands in the preview, to the reader's own e-mail address, and says what came of it. */
export function TemplateTest({ send: post }: { send: () => Promise<Outcome> }) {
  const { email } = currentMe().person;
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | Problem | null>(null);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    setOutcome(null);
    setOutcome(await post().catch(Problem.of));
    setBusy(false);
  };
  return (
    <section class="section no-print" aria-labelledby="test">
      <h2 id="test">{m.template_test_title()}</h2>
      <p class="hint">{m.template_test_hint({ email })}</p>
      <p class="form-actions">
        <button
          type="button"
          class="button"
          aria-disabled={busy}
          data-busy={busy || undefined}
          onClick={() => void send()}
        >
          {m.template_test()}
        </button>
      </p>
      {outcome instanceof Problem ? (
        <Failed problem={outcome} />
      ) : (
        outcome &&
        (outcome.state === 'sent' ? (
          <Notice kind="good" title={m.template_test_sent({ email })} testId="test-sent" />
        ) : (
          <Notice
            kind="bad"
            title={m.template_test_failed({ outcome: deliveryState(outcome.state) })}
            testId="test-failed"
          >
            <p class="small">{outcome.code}</p>
          </Notice>
        ))
      )}
    </section>
  );
}
