import { useId, useState } from 'preact/hooks';
import { m } from '../paraglide/messages.js';
import { Icon } from './icon';

interface Props {
  label: string;
  hint?: string;
  value: string;
  onSearch: (wanted: string) => void;
}

/** One search field with its button; searching is asked for, never a surprise while typing. */
export function Search({ label, hint, value, onSearch }: Props) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(typed.trim());
        }}
      >
        <div class="field">
          <label for={id}>{label}</label>
          {hint && (
            <p class="hint" id={`${id}-hint`}>
              {hint}
            </p>
          )}
          <input
            id={id}
            class="control"
            type="search"
            name="q"
            value={typed}
            aria-describedby={hint ? `${id}-hint` : undefined}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button">
          <Icon name="search" />
          {m.search_action()}
        </button>
        {value !== '' && (
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              setTyped('');
              onSearch('');
            }}
          >
            {m.search_clear()}
          </button>
        )}
      </form>
    </search>
  );
}
