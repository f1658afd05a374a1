import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useId, useRef, useState } from 'preact/hooks';
import { Problem } from '../api/problem';
import { fieldErrorText, problemText } from '../i18n/codes';
import { m } from '../paraglide/messages.js';
import { Icon } from './icon';
import { pageHasErrors } from './page';

/** A text that follows the language when the reader changes it. */
export type Text = () => string;
export type Errors = Record<string, Text>;

export interface Attempt {
  body: string;
  key: string;
}

// Browsers give randomUUID only to secure pages; on a telephone in the local network the site is tried over plain http.
function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The key of an attempt: the same while the content is the same, so that a repeat after a lost answer does nothing twice. */
export function attemptKey(last: Attempt | null, body: string): Attempt {
  return last && last.body === body ? last : { body, key: newKey() };
}

export interface FormState<V> {
  id: string;
  values: V;
  set: <K extends keyof V>(name: K, value: V[K]) => void;
  errors: Errors;
  general: Problem | null;
  busy: boolean;
  round: number;
  submit: (event?: Event) => void;
  reset: (values: V) => void;
}

interface Options<V> {
  check?: (values: V) => Errors;
  send: (values: V, idempotencyKey: string) => Promise<void>;
  /** Names of wire fields (dotted paths are taken by the last part that the form has) that differ from the form's. */
  fields?: Record<string, string>;
}

export function useForm<V extends object>(initial: V, { check, send, fields }: Options<V>): FormState<V> {
  const id = useId();
  const [values, setValues] = useState(initial);
  const [outcome, setOutcome] = useState<{ errors: Errors; general: Problem | null; round: number }>({
    errors: {},
    general: null,
    round: 0,
  });
  const [busy, setBusy] = useState(false);
  const attempt = useRef<Attempt | null>(null);
  const show = (errors: Errors, general: Problem | null) =>
    setOutcome((old) => ({ errors, general, round: old.round + 1 }));

  const refuse = (problem: Problem) => {
    const known: Errors = {};
    for (const { field, code, params } of problem.errors) {
      const parts = field?.split('.') ?? [];
      const last = parts.at(-1) ?? '';
      const name = fields?.[field ?? ''] ?? fields?.[last] ?? parts.findLast((part) => part in values) ?? last;
      if (name in values) known[name] ??= () => fieldErrorText(code, params);
    }
    show(known, Object.keys(known).length > 0 ? null : problem);
  };

  const submit = (event?: Event) => {
    event?.preventDefault();
    if (busy) return;
    const wrong = check?.(values) ?? {};
    if (Object.keys(wrong).length > 0) return show(wrong, null);
    attempt.current = attemptKey(attempt.current, JSON.stringify(values));
    setBusy(true);
    send(values, attempt.current.key).then(
      () => {
        attempt.current = null;
        setBusy(false);
        show({}, null);
      },
      (error) => {
        setBusy(false);
        refuse(Problem.of(error));
      },
    );
  };

  return {
    id,
    values,
    set: (name, value) => setValues((old) => ({ ...old, [name]: value })),
    ...outcome,
    busy,
    submit,
    reset: (fresh) => {
      setValues(fresh);
      setOutcome({ errors: {}, general: null, round: 0 });
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: fields of every form read the same context.
const Current = createContext<FormState<any> | null>(null);

interface FormProps<V> {
  form: FormState<V>;
  label?: string;
  children: ComponentChildren;
}

export function Form<V>({ form, label, children }: FormProps<V>) {
  return (
    <Current.Provider value={form}>
      <form noValidate onSubmit={form.submit} aria-label={label}>
        <ErrorSummary form={form} />
        {children}
      </form>
    </Current.Provider>
  );
}

function ErrorSummary<V>({ form }: { form: FormState<V> }) {
  const box = useRef<HTMLDivElement>(null);
  const names = Object.keys(form.errors);
  const any = names.length > 0 || form.general !== null;
  useEffect(() => {
    pageHasErrors.value = any;
    if (any && form.round > 0) box.current?.focus();
    return () => {
      pageHasErrors.value = false;
    };
  }, [any, form.round]);
  if (!any) return null;
  const jump = (event: Event, name: string) => {
    event.preventDefault();
    document.getElementById(`${form.id}-${name}`)?.focus();
  };
  return (
    <div ref={box} class="notice notice-bad error-summary" role="alert" tabIndex={-1} data-testid="error-summary">
      <Icon name="alert" />
      <div>
        <h2 class="notice-title">{form.general ? problemText(form.general) : m.error_summary_title()}</h2>
        {form.general?.correlationId && form.general.status >= 500 && (
          <p class="small">{m.error_reference({ id: form.general.correlationId })}</p>
        )}
        {names.length > 0 && (
          <ul>
            {names.map((name) => (
              <li key={name}>
                <a href={`#${form.id}-${name}`} onClick={(event) => jump(event, name)}>
                  {form.errors[name]?.()}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

export interface FieldProps {
  name: string;
  label: string;
  hint?: ComponentChildren;
  type?: 'text' | 'email' | 'tel' | 'date' | 'time' | 'password';
  autoComplete?: string;
  inputMode?: 'text' | 'decimal' | 'numeric' | 'email' | 'tel';
  optional?: boolean;
  width?: 'short' | 'medium';
  /** Told beside the field and read with it (password rules, a preview). */
  after?: ComponentChildren;
  options?: readonly { value: string; label: string }[];
  rows?: number;
  max?: string;
}

/** One labelled field of the form around it: label, hint, error, control, in that order. */
export function Field(props: FieldProps) {
  const form = useContext(Current);
  if (!form) throw new Error('a field lives in a form');
  const { name, label, hint, options, rows, after, optional, width } = props;
  const id = `${form.id}-${name}`;
  const error = form.errors[name];
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`, after && `${id}-after`].filter(Boolean).join(' ');
  const common = {
    id,
    name,
    value: String(form.values[name] ?? ''),
    class: `control ${width ? `control-${width}` : ''}`,
    'aria-describedby': describedBy || undefined,
    'aria-invalid': error ? (true as const) : undefined,
    required: !optional,
    onInput: (event: Event) => form.set(name, (event.currentTarget as HTMLInputElement).value),
  };
  return (
    <div class={error ? 'field field-wrong' : 'field'}>
      <label for={id}>
        {label} {optional && <span class="optional">{m.field_optional()}</span>}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          <span class="hidden">{m.error_prefix()} </span>
          {error()}
        </p>
      )}
      {options ? (
        <select {...common}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : rows ? (
        <textarea {...common} rows={rows} />
      ) : props.type === 'password' ? (
        <PasswordInput common={common} autoComplete={props.autoComplete} label={label} />
      ) : (
        <input
          {...({ ...common, type: props.type ?? 'text' } as object)}
          autoComplete={props.autoComplete}
          inputMode={props.inputMode}
          max={props.max}
          spellcheck={props.type === 'email' ? false : undefined}
        />
      )}
      {after && <div id={`${id}-after`}>{after}</div>}
    </div>
  );
}

interface PasswordProps {
  common: Record<string, unknown>;
  autoComplete: string | undefined;
  label: string;
}

function PasswordInput({ common, autoComplete, label }: PasswordProps) {
  const [shown, setShown] = useState(false);
  return (
    <div class="password">
      <input
        {...({ ...common, type: shown ? 'text' : 'password' } as object)}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellcheck={false}
      />
      <button
        type="button"
        class="button button-quiet"
        aria-pressed={shown}
        aria-label={`${m.password_show()}: ${label}`}
        onClick={() => setShown(!shown)}
      >
        {shown ? m.password_hide() : m.password_show()}
      </button>
    </div>
  );
}

export function Submit({ busy, children }: { busy: boolean; children: ComponentChildren }) {
  return (
    <button type="submit" class="button button-main" aria-disabled={busy} data-busy={busy || undefined}>
      {children}
      {busy && <span class="hidden"> {m.working()}</span>}
    </button>
  );
}
