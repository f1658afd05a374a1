import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { type Answer, api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { useResource } from '../api/resource';
import { suggestLocale } from '../i18n/locale';
import { kindName } from '../i18n/notice-kinds';
import { m } from '../paraglide/messages.js';
import { keepOrganisation } from '../theme/theme';
import { LoadedPage } from '../ui/loaded';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';

/** The answer of an address that other programs call too; the contract describes no body of theirs. */
interface Refusal {
  kind: string;
  organisation: string;
  slug: string;
  locale: string;
  refused: boolean;
}

/** Where the link at the end of an e-mail leads: says what would be refused, and refuses it. Needs nobody to be signed in. */
export default function Unsubscribe() {
  const token = useRoute().params.token ?? '';
  const params = { path: { token } };
  const refusal = useResource(`refusal ${token}`, async () => {
    const found = await unwrap(api.GET('/unsubscribe/{token}', { params }) as Promise<Answer<Refusal>>);
    // The page wears the face of who has written; without it, it does as well.
    const slug = { path: { slug: found.slug } };
    await unwrap(api.GET('/organisations/{slug}', { params: slug })).then(keepOrganisation, () => undefined);
    await suggestLocale(found.locale);
    return found;
  });
  return (
    <LoadedPage of={refusal} title={m.unsubscribe_title()}>
      {(loaded) => (
        <Loaded
          refusal={loaded}
          refuse={() => unwrap(api.POST('/unsubscribe/{token}', { params }) as Promise<Answer<unknown>>)}
        />
      )}
    </LoadedPage>
  );
}

function Loaded({ refusal, refuse }: { refusal: Refusal; refuse: () => Promise<unknown> }) {
  const [done, setDone] = useState(refusal.refused);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const press = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    refuse()
      .then(
        () => setDone(true),
        (error) => setProblem(Problem.of(error)),
      )
      .finally(() => setBusy(false));
  };
  const what = <strong>{kindName(refusal.kind)}</strong>;
  return (
    <Page title={m.unsubscribe_title()}>
      {done ? (
        <Notice kind="good" title={m.unsubscribe_done()} focus testId="unsubscribed">
          <p>{what}</p>
          <p>{m.unsubscribe_inbox()}</p>
          <a href="/own-data/notifications">{m.unsubscribe_back()}</a>
        </Notice>
      ) : (
        <>
          <p>
            {m.unsubscribe_what({ organisation: refusal.organisation })} {what}
          </p>
          <p>{m.unsubscribe_inbox()}</p>
          {problem && <Failed problem={problem} />}
          <p>
            <button
              type="button"
              class="button button-main"
              aria-disabled={busy}
              data-busy={busy || undefined}
              onClick={press}
            >
              {m.unsubscribe_action()}
            </button>
          </p>
        </>
      )}
    </Page>
  );
}
