import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import { m } from '../../paraglide/messages.js';
import { LoadedPart } from '../../ui/loaded';
import { Input } from './select';

interface Props {
  /** The supplier of now; empty where there is none. */
  name: string;
  onPick: (person_id: string | null, name: string) => void;
}

/** Suppliers are found by the beginning of their name or of the number of their supply contract. */
export function SupplierPicker({ name, onPick }: Props) {
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  const search = () => setQ(typed.trim());
  return (
    <fieldset class="plain-group">
      <legend class="legend">{m.queue_supplier()}</legend>
      <p>
        {name || <span class="muted">{m.queue_supplier_none()}</span>}{' '}
        {name && (
          <button type="button" class="button button-quiet" onClick={() => onPick(null, '')}>
            {m.queue_supplier_remove()}
          </button>
        )}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field searches instead of sending the form around it. */}
      <div
        class="desk-number"
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
          event.preventDefault();
          search();
        }}
      >
        <Input label={m.queue_supplier_search()} type="search" value={typed} onInput={setTyped} />
        <button type="button" class="button" onClick={search}>
          {m.search_action()}
        </button>
      </div>
      {q && (
        <Found
          key={q}
          q={q}
          onPick={(person_id, found) => {
            setQ('');
            setTyped('');
            onPick(person_id, found);
          }}
        />
      )}
    </fieldset>
  );
}

function Found({ q, onPick }: { q: string; onPick: (person_id: string, name: string) => void }) {
  const found = useResource(`suppliers ${q}`, () => unwrap(api.GET('/contracts', { params: { query: { q } } })));
  return (
    <LoadedPart of={found} lines={2}>
      {({ items }) => {
        const holders = items
          .filter((contract) => contract.type === 'supply')
          .flatMap((contract) => (contract.holders ?? []).map((holder) => ({ ...holder, number: contract.number })));
        if (holders.length === 0) return <p class="muted">{m.queue_supplier_nothing({ q })}</p>;
        return (
          <ul class="plain-rows">
            {holders.map((holder) => (
              <li key={`${holder.person_id} ${holder.number}`} data-testid="found-supplier">
                <span>
                  {holder.name} <span class="muted">{holder.number}</span>
                </span>
                <button type="button" class="button" onClick={() => onPick(holder.person_id, holder.name)}>
                  {m.pick_action()}
                  <span class="hidden"> {holder.name}</span>
                </button>
              </li>
            ))}
          </ul>
        );
      }}
    </LoadedPart>
  );
}
