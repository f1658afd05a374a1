import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '../src/api/problem';
import { locale } from '../src/i18n/locale';
import { attemptKey, type Errors, Field, Form, Submit, useForm } from '../src/ui/form';
import { Page } from '../src/ui/page';

let root: HTMLElement;
const send = vi.fn<(values: { email: string; amount: string }, key: string) => Promise<void>>();

function Sample() {
  const form = useForm(
    { email: '', amount: '' },
    { check: ({ email }): Errors => (email ? {} : { email: () => 'E-mail is missing' }), send },
  );
  return (
    <Page title="Sample">
      <Form form={form}>
        <Field name="email" label="E-mail" hint="As you sign in" />
        <Field name="amount" label="Amount" optional />
        <Submit busy={form.busy}>Send</Submit>
      </Form>
    </Page>
  );
}

const field = (name: string) => root.querySelector(`[name=${name}]`) as HTMLInputElement;
const settle = () => act(async () => void (await new Promise((done) => setTimeout(done, 5))));

async function type(name: string, value: string) {
  await act(() => {
    field(name).value = value;
    field(name).dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function submit() {
  await act(
    () => void root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
  );
  await settle();
}

beforeEach(async () => {
  locale.value = 'en';
  send.mockReset();
  root = document.body.appendChild(document.createElement('div'));
  await act(() => render(<Sample />, root));
});

afterEach(() => {
  render(null, root);
  root.remove();
});

it('wrong input: summary takes focus, links to the field, the field says what is wrong', async () => {
  await submit();
  const summary = root.querySelector('[data-testid=error-summary]') as HTMLElement;
  expect(document.activeElement).toBe(summary);
  expect(summary.getAttribute('role')).toBe('alert');
  expect(document.title.startsWith('Error: ')).toBe(true);
  const email = field('email');
  expect(email.getAttribute('aria-invalid')).toBe('true');
  const told = (email.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent);
  expect(told).toEqual(['As you sign in', 'Error: E-mail is missing']);
  await act(() => summary.querySelector('a')?.click());
  expect(document.activeElement).toBe(email);
  expect(send).not.toHaveBeenCalled();
});

it('what the server says of a field stands at the field, in words', async () => {
  send.mockRejectedValueOnce(
    new Problem('invalid_body', 422, 'c1', [
      { field: 'person.amount', code: 'string_too_long', params: { max_length: 5 } },
    ]),
  );
  await type('email', 'anna@example.com');
  await submit();
  expect(field('amount').getAttribute('aria-invalid')).toBe('true');
  expect(root.textContent).toContain('Use at most 5 characters');
});

it('a refusal of the whole stands in the summary; input stays', async () => {
  send.mockRejectedValueOnce(new Problem('internal_error', 500, 'c-42'));
  await type('email', 'anna@example.com');
  await submit();
  expect(root.querySelector('[data-testid=error-summary]')?.textContent).toContain('c-42');
  expect(field('email').value).toBe('anna@example.com');
});

it('a retry of the same content repeats the key; other content gets another', async () => {
  send
    .mockRejectedValueOnce(new Problem('network_error'))
    .mockRejectedValueOnce(new Problem('network_error'))
    .mockResolvedValue();
  await type('email', 'anna@example.com');
  await submit();
  await submit();
  await type('email', 'anna@example.org');
  await submit();
  await submit();
  const keys = send.mock.calls.map(([, key]) => key);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
  // The third one went through: sending once more is a new deed.
  expect(keys[3]).not.toBe(keys[2]);
});

it('sends once while it is under way', async () => {
  let finish = () => {};
  send.mockImplementation(() => new Promise((done) => (finish = done)));
  await type('email', 'anna@example.com');
  await submit();
  await submit();
  expect(send).toHaveBeenCalledTimes(1);
  await act(() => finish());
});

it('keys of attempts', () => {
  const first = attemptKey(null, 'a');
  expect(attemptKey(first, 'a')).toBe(first);
  expect(attemptKey(first, 'b').key).not.toBe(first.key);
});
