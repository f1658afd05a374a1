import type { ContractItem } from '../../api/types';
import { contractTypeText } from '../../i18n/contract-types';

/** What people call a contract: its unit and address; where there is no unit, its type and number. */
export function contractName(contract: Pick<ContractItem, 'number' | 'type' | 'unit' | 'community'>): string {
  const { unit, community } = contract;
  if (!unit) return `${contractTypeText(contract.type)} ${contract.number}, ${community.name}`;
  return unit.address ? `${unit.address} · ${unit.label}` : `${unit.label}, ${community.name}`;
}

/** The people of a contract, as staff see them. */
export function holderNames(contract: Pick<ContractItem, 'holders'>): string {
  return (contract.holders ?? []).map((holder) => holder.name).join(', ');
}
