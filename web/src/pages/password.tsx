import { useState } from 'preact/hooks';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { Field, Form, Submit, useForm } from '../ui/form';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { passwordRules } from './parts/checks';
import { PasswordRulesList } from './parts/password-rules';

const EMPTY = { current_password: '', new_password: '' };

export default function Password() {
  const rules = currentMe().organisation.password_rules;
  const [saved, setSaved] = useState(false);
  const form = useForm(EMPTY, {
    fields: { password: 'new_password' },
    check: ({ current_password, new_password }) => ({
      ...(current_password ? {} : { current_password: m.current_password_wanted }),
      ...(passwordRules(rules, new_password).every((rule) => rule.kept) ? {} : { new_password: m.code_password_rules }),
    }),
    send: async (values) => {
      setSaved(false);
      await unwrap(api.POST('/auth/password', { body: values })).catch((error) => {
        const problem = Problem.of(error);
        if (problem.code !== 'wrong_current_password') throw error;
        throw new Problem(problem.code, problem.status, problem.correlationId, [
          { field: 'current_password', code: problem.code, params: {} },
        ]);
      });
      form.reset(EMPTY);
      setSaved(true);
    },
  });
  return (
    <Page title={m.nav_password()} above={<a href="/own-data">{m.nav_own_data()}</a>} lead={m.password_lead()}>
      {saved && <Notice kind="good" title={m.password_saved()} focus testId="saved" />}
      <Form form={form}>
        <Field name="current_password" label={m.current_password()} type="password" autoComplete="current-password" />
        <Field
          name="new_password"
          label={m.new_password_label()}
          type="password"
          autoComplete="new-password"
          after={<PasswordRulesList rules={rules} password={form.values.new_password} />}
        />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.reset_action()}</Submit>
        </div>
      </Form>
    </Page>
  );
}
