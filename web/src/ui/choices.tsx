import type { ComponentChildren } from 'preact';
import { m } from '../paraglide/messages.js';
import type { FormState } from './form';

interface CheckProps {
  id: string;
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** One thing that is so or not, with its box before it. */
export function Check({ id, label, hint, checked, onChange }: CheckProps) {
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{label}</label>
        {hint && (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

interface ChoicesProps<V> {
  form: FormState<V>;
  name: keyof V & string;
  legend: string;
  hint?: string;
  options: readonly { value: string; label: ComponentChildren }[];
  /** Beside each other, as stars are. */
  inline?: boolean;
}

/** One of a few, all of them in sight; arrows choose among them. The error summary's link lands on the first. */
export function Choices<V>({ form, name, legend, hint, options, inline }: ChoicesProps<V>) {
  const id = `${form.id}-${name}`;
  const error = form.errors[name];
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <fieldset
      class={error ? 'choices field-wrong' : 'choices'}
      aria-describedby={told || undefined}
      aria-invalid={error ? true : undefined}
    >
      <legend class="legend">{legend}</legend>
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
      <div class={inline ? 'choices-inline' : 'choices-list'}>
        {options.map(({ value, label }, index) => (
          <div key={value} class="check">
            <input
              id={index === 0 ? id : `${id}-${value}`}
              type="radio"
              name={name}
              value={value}
              checked={String(form.values[name]) === value}
              onChange={() => form.set(name, value as V[typeof name])}
            />
            <label for={index === 0 ? id : `${id}-${value}`}>{label}</label>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
