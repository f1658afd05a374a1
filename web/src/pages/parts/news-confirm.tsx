import { useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { NewsRequest } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Facts } from '../../ui/facts';
import { type Attempt, attemptKey } from '../../ui/form';
import { Failed } from '../../ui/notice';

interface Props {
  request: NewsRequest;
  title: string;
  to: string;
  languages: string;
  /** The last attempt to send; it outlives the dialog, so that news whose answer was lost is not sent anew. */
  attempt: { current: Attempt | null };
  onSent: (news_id: string) => void;
  onClose: () => void;
}

/** Asks once more before many people are written to. */
export function NewsConfirm({ request, title, to, languages, attempt, onSent, onClose }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const under = useRef(false);
  const send = () => {
    if (under.current) return;
    under.current = true;
    setBusy(true);
    setProblem(null);
    attempt.current = attemptKey(attempt.current, JSON.stringify(request));
    unwrap(api.POST('/news', { headers: { 'Idempotency-Key': attempt.current.key }, body: request })).then(
      ({ news_id }) => onSent(news_id),
      (error) => {
        under.current = false;
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  return (
    <Dialog title={m.news_confirm_title()} onClose={onClose}>
      {problem && <Failed problem={problem} />}
      <Facts
        items={[
          { label: m.news_headline(), value: title },
          { label: m.news_to(), value: <strong data-testid="news-to">{to}</strong> },
          { label: m.news_confirm_languages(), value: languages },
        ]}
      />
      <p>{m.news_confirm_final()}</p>
      <Confirm action={m.news_send()} onAction={send} busy={busy} onCancel={onClose} />
    </Dialog>
  );
}
