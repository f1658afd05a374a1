import { api, unwrap } from '../../api/client';
import type { ContractItem } from '../../api/types';
import { today } from '../../i18n/format';
import { currentMe, isStaff } from '../../session/session';

export type OwnContract = Pick<ContractItem, 'contract_id' | 'number' | 'type' | 'unit' | 'community' | 'ends_on'>;

/** The contracts that the reader takes part in himself. */
export async function ownContracts(): Promise<OwnContract[]> {
  if (!isStaff()) return (await unwrap(api.GET('/contracts'))).items;
  // Staff see every contract of the organisation; their own ones are those that a grant names.
  const me = currentMe();
  const now = today(me.organisation.time_zone);
  const ids = me.grants
    .filter((grant) => grant.role === 'tenant' || grant.role === 'owner')
    .filter((grant) => !grant.ends_on || grant.ends_on >= now)
    .flatMap((grant) => (grant.contract_id ? [grant.contract_id] : []));
  const path = (contract_id: string) => ({ params: { path: { contract_id } } });
  return Promise.all([...new Set(ids)].map((id) => unwrap(api.GET('/contracts/{contract_id}', path(id)))));
}
