import { api, unwrap } from '../../api/client';
import type { Charge } from '../../api/types';
import { date } from '../../i18n/format';
import { purposeText } from '../../i18n/words';
import { m } from '../../paraglide/messages.js';

/** So many pages of 50 are looked through; what is older stays unnamed. */
const PAGES = 12;

/** The charges of a contract with these ids, by id. */
export async function findCharges(contract_id: string, ids: readonly string[]): Promise<Map<string, Charge>> {
  const wanted = new Set(ids);
  const found = new Map<string, Charge>();
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES && found.size < wanted.size; page += 1) {
    const query = cursor ? { cursor } : {};
    const path = { contract_id };
    const { items, next_cursor } = await unwrap(
      api.GET('/accounts/{contract_id}/charges', { params: { path, query } }),
    );
    for (const charge of items) if (wanted.has(charge.charge_id)) found.set(charge.charge_id, charge);
    cursor = next_cursor;
    if (!cursor) break;
  }
  return found;
}

/** What a charge is for, in the words of the account. */
export function chargeText(charge: Charge | undefined): string {
  if (!charge) return m.pay_item_unnamed();
  const purpose = purposeText(charge.purpose);
  const description = charge.description || date(charge.date, 'short');
  // Many are called by their purpose and month already.
  return description.startsWith(purpose) ? description : `${purpose}, ${description}`;
}
