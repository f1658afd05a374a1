import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { m } from '../../paraglide/messages.js';

export interface Option {
  value: string;
  label: string;
}

interface Props {
  label: string;
  value: string;
  /** Options, or groups of them under a name. */
  options?: readonly Option[];
  groups?: readonly (readonly [label: string, options: readonly Option[]])[];
  /** What stands for "no choice". */
  none?: string | undefined;
  onChange: (value: string) => void;
}

/** One labelled list to choose from, outside of forms: what is chosen counts at once. */
export function Select({ label, value, options = [], groups = [], none, onChange }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="control" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <Choices options={options} groups={groups} none={none} value={value} />
      </select>
    </div>
  );
}

type ChoicesProps = Pick<Props, 'options' | 'groups' | 'none' | 'value'>;

// `selected` besides the list's value: the options may come after it, and a value that none of them has must not show the first.
function Choices({ options = [], groups = [], none, value }: ChoicesProps) {
  const one = (option: Option) => (
    <option key={option.value} value={option.value} selected={option.value === value}>
      {option.label}
    </option>
  );
  return (
    <>
      {none !== undefined && one({ value: '', label: none })}
      {options.map(one)}
      {groups.map(([label, members]) => (
        <optgroup key={label} label={label}>
          {members.map(one)}
        </optgroup>
      ))}
    </>
  );
}

interface TickProps {
  label: string;
  checked: boolean;
  /** The label is read, not shown. */
  bare?: boolean;
  onChange: (checked: boolean) => void;
}

export function Tick({ label, checked, bare, onChange }: TickProps) {
  const id = useId();
  return (
    <div class={bare ? 'tick tick-bare' : 'tick'}>
      <input id={id} type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <label for={id}>{bare ? <span class="hidden">{label}</span> : label}</label>
    </div>
  );
}

interface AreaProps {
  label: string;
  hint?: string | undefined;
  value: string;
  rows?: number;
  onInput: (value: string) => void;
}

export function Area({ label, hint, value, rows = 4, onInput }: AreaProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <textarea
        id={id}
        class="control"
        rows={rows}
        maxLength={4000}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

interface InputProps {
  label: ComponentChildren;
  hint?: string;
  type?: 'text' | 'number' | 'datetime-local' | 'search';
  value: string;
  short?: boolean;
  min?: number;
  max?: number;
  maxLength?: number;
  error?: string | undefined;
  /** Where something else leads to it, such as a summary of errors. */
  id?: string;
  onInput: (value: string) => void;
}

export function Input({ label, hint, type = 'text', value, short, error, onInput, ...limits }: InputProps) {
  const own = useId();
  const id = limits.id ?? own;
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={error ? 'field field-wrong' : 'field'}>
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          <span class="hidden">{m.error_prefix()} </span>
          {error}
        </p>
      )}
      <input
        {...({ ...limits, type } as object)}
        id={id}
        class={short ? 'control control-short' : 'control'}
        value={value}
        aria-describedby={describedBy || undefined}
        aria-invalid={error ? true : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
