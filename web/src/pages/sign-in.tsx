import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { suggestLocale } from '../i18n/locale';
import { m } from '../paraglide/messages.js';
import { safeBack } from '../session/back';
import { loadSession, session } from '../session/session';
import { keepOrganisation, look } from '../theme/theme';
import { Field, Form, Submit, useForm } from '../ui/form';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { looksLikeEmail } from './parts/checks';

/** Wears the look of the organisation in the address (`?o=`), or of the one remembered; without an answer the page stays as it is. */
function useOrganisation(slug: string | undefined) {
  useEffect(() => {
    if (!slug) return;
    unwrap(api.GET('/organisations/{slug}', { params: { path: { slug } } })).then(keepOrganisation, () => undefined);
  }, [slug]);
  const language = look.value?.slug === slug ? look.value?.locale : undefined;
  const out = session.value.state === 'out';
  // Who is signed in reads in his own language: this page must not take turns with it.
  useEffect(() => {
    if (out) void suggestLocale(language);
  }, [out, language]);
}

export default function SignIn() {
  const { query } = useLocation();
  useOrganisation(query.o ?? look.value?.slug);
  const form = useForm(
    { email: '', password: '' },
    {
      check: ({ email, password }) => ({
        ...(looksLikeEmail(email) ? {} : { email: m.email_wanted }),
        ...(password ? {} : { password: m.password_wanted }),
      }),
      send: async ({ email, password }) => {
        await unwrap(api.POST('/auth/sign-in', { body: { email: email.trim(), password } }));
        await loadSession();
        // The password was right and still nobody is signed in: the browser kept no cookie, or the answer got lost.
        const now = session.value;
        if (now.state === 'failed') throw now.problem;
        if (now.state !== 'in') throw new Problem('not_signed_in', 401);
      },
    },
  );
  const ended = query.back !== undefined && session.value.state === 'out';
  return (
    <Page title={m.sign_in_title()}>
      {query.done === 'password' && <Notice kind="good" title={m.reset_done()} />}
      {ended && safeBack(query.back) !== '/' && query.done === undefined && <p class="hint">{m.sign_in_again()}</p>}
      <Form form={form}>
        <Field name="email" label={m.email_label()} type="email" autoComplete="username" inputMode="email" />
        <Field name="password" label={m.password_label()} type="password" autoComplete="current-password" />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.sign_in_action()}</Submit>
        </div>
        <p>
          <a href="/forgotten-password">{m.forgotten_link()}</a>
        </p>
      </Form>
    </Page>
  );
}
