import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { m } from '../paraglide/messages.js';
import { look } from '../theme/theme';
import { Field, Form, Submit, useForm } from '../ui/form';
import { Page } from '../ui/page';
import { looksLikeEmail, passwordRules } from './parts/checks';
import { FLOOR, PasswordRulesList } from './parts/password-rules';

export default function ForgottenPassword() {
  const [email, setEmail] = useState<string | null>(null);
  return email === null ? <AskCode done={setEmail} /> : <NewPassword email={email} again={() => setEmail(null)} />;
}

function AskCode({ done }: { done: (email: string) => void }) {
  const form = useForm(
    { email: '' },
    {
      check: ({ email }): Record<string, () => string> => (looksLikeEmail(email) ? {} : { email: m.email_wanted }),
      send: async ({ email }) => {
        await unwrap(api.POST('/auth/forgot-password', { body: { email: email.trim() } }));
        done(email.trim());
      },
    },
  );
  return (
    <Page key="ask" title={m.forgotten_title()} above={m.step_of({ step: 1, steps: 2 })} lead={m.forgotten_lead()}>
      <Form form={form}>
        <Field name="email" label={m.email_label()} type="email" autoComplete="username" inputMode="email" />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.forgotten_action()}</Submit>
        </div>
        <p>
          <a href="/sign-in">{m.back_to_sign_in()}</a>
        </p>
      </Form>
    </Page>
  );
}

function NewPassword({ email, again }: { email: string; again: () => void }) {
  const { route } = useLocation();
  const rules = look.value?.password_rules ?? FLOOR;
  const form = useForm(
    { code: '', password: '' },
    {
      check: ({ code, password }) => ({
        ...(code.trim() ? {} : { code: m.reset_code_wanted }),
        ...(passwordRules(rules, password).every((rule) => rule.kept) ? {} : { password: m.code_password_rules }),
      }),
      send: async ({ code, password }) => {
        await unwrap(api.POST('/auth/reset-password', { body: { email, code: code.trim(), password } }));
        route('/sign-in?done=password');
      },
    },
  );
  return (
    <Page key="set" title={m.reset_title()} above={m.step_of({ step: 2, steps: 2 })} lead={m.reset_lead({ email })}>
      <Form form={form}>
        <Field
          name="code"
          label={m.reset_code_label()}
          autoComplete="one-time-code"
          inputMode="numeric"
          width="short"
          hint={m.reset_code_hint()}
        />
        <Field
          name="password"
          label={m.new_password_label()}
          type="password"
          autoComplete="new-password"
          after={<PasswordRulesList rules={rules} password={form.values.password} />}
        />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.reset_action()}</Submit>
          <button type="button" class="button button-quiet" onClick={again}>
            {m.reset_again()}
          </button>
        </div>
      </Form>
    </Page>
  );
}
