import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { NewsDraft, NoticePreview } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Failed, Notice } from '../../ui/notice';
import { TemplateLetter } from './template-letter';
import { TemplateTest } from './template-test';
import '../../styles/news.css';
import '../../styles/templates.css';

/** How news reads as an e-mail and in short, when it is asked for, and a test of it. `draft` is null while something is missing. */
export default function NewsPreview({ draft }: { draft: NewsDraft | null }) {
  const [shown, setShown] = useState<{ of: string; preview: NoticePreview } | null>(null);
  const [said, setSaid] = useState<Problem | 'wanted' | null>(null);
  const [busy, setBusy] = useState(false);
  const now = JSON.stringify(draft);
  const look = async () => {
    if (busy) return;
    if (!draft) return setSaid('wanted');
    setBusy(true);
    setSaid(null);
    try {
      setShown({ of: now, preview: await unwrap(api.POST('/news/preview', { body: draft })) });
    } catch (error) {
      setSaid(Problem.of(error));
    }
    setBusy(false);
  };
  // What was typed since is not what is shown.
  const fresh = draft && shown?.of === now;
  return (
    <>
      <section class="section no-print" aria-labelledby="preview">
        <h2 id="preview">{m.news_preview_title()}</h2>
        {said === 'wanted' && !draft && <Notice kind="bad" title={m.news_preview_wanted()} testId="preview-wanted" />}
        {said instanceof Problem && <Failed problem={said} />}
        {!fresh && (
          <p class="form-actions">
            <button
              type="button"
              class="button"
              aria-disabled={busy}
              data-busy={busy || undefined}
              onClick={() => void look()}
            >
              {m.news_preview()}
            </button>
          </p>
        )}
        {fresh && (
          <div data-testid="news-preview">
            <TemplateLetter preview={shown.preview} />
            <h3 class="news-short">{m.news_short()}</h3>
            <div class="message" lang={shown.preview.locale}>
              <strong>{shown.preview.subject}</strong>
              <p>{shown.preview.short}</p>
            </div>
          </div>
        )}
      </section>
      {fresh && <TemplateTest key={now} send={() => unwrap(api.POST('/news/test', { body: draft }))} />}
    </>
  );
}
