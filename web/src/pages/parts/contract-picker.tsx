import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { usePages } from '../../api/resource';
import type { ContractItem } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Skeleton } from '../../ui/loaded';
import { Failed } from '../../ui/notice';
import { Search } from '../../ui/search';
import { More } from '../../ui/table';
import { contractName, holderNames } from './names';

interface Props {
  picked: ContractItem | null;
  onPick: (contract: ContractItem | null) => void;
  /** The contract that may not be chosen. */
  without?: string;
}

/** Staff find a contract by number or name and choose it. */
export function ContractPicker({ picked, onPick, without }: Props) {
  const [q, setQ] = useState('');
  if (picked) {
    return (
      <section class="section" aria-label={m.rebook_target()}>
        <p>
          <strong>{picked.number}</strong> {holderNames(picked)}
          <span class="note">{contractName(picked)}</span>
        </p>
        <p>
          <button type="button" class="button" onClick={() => onPick(null)}>
            {m.pick_another()}
          </button>
        </p>
      </section>
    );
  }
  return (
    <section class="section" aria-label={m.rebook_target()}>
      <Search label={m.contracts_search()} hint={m.contracts_search_hint()} value={q} onSearch={setQ} />
      {q && <Found key={q} q={q} without={without} onPick={onPick} />}
    </section>
  );
}

function Found({ q, without, onPick }: { q: string; without?: string | undefined; onPick: Props['onPick'] }) {
  const pages = usePages(`pick ${q}`, (cursor) =>
    unwrap(api.GET('/contracts', { params: { query: { q, ...(cursor && { cursor }) } } })),
  );
  if (pages.first.state === 'loading') return <Skeleton lines={3} />;
  if (pages.first.state === 'failed') return <Failed problem={pages.first.problem} retry={pages.reload} />;
  const found = pages.items.filter((contract) => contract.contract_id !== without);
  if (found.length === 0) return <p class="empty">{m.search_nothing({ q })}</p>;
  return (
    <>
      <ul class="candidates">
        {found.map((contract) => (
          <li key={contract.contract_id} class="candidate" data-testid="found-contract">
            <p class="candidate-head">
              <span>{contract.number}</span>
              <span>{holderNames(contract)}</span>
            </p>
            <p class="muted">{contractName(contract)}</p>
            <p>
              <button type="button" class="button" onClick={() => onPick(contract)}>
                {m.pick_action()}
                <span class="hidden"> {contract.number}</span>
              </button>
            </p>
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}
