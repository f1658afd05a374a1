import type { ContractItem } from '../api/types';
import { m } from '../paraglide/messages.js';

export const CONTRACT_TYPES: Record<ContractItem['type'], () => string> = {
  lease: m.contract_lease,
  ownership: m.contract_ownership,
  sale: m.contract_sale,
  supply: m.contract_supply,
};

export const contractTypeText = (type: ContractItem['type']): string => CONTRACT_TYPES[type]?.() ?? type;
