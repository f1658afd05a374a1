import { api, unwrap } from '../../api/client';
import type { MeterItem } from '../../api/types';
import { today } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Tabs } from '../../ui/tabs';
import { contractName } from './names';
import { ownContracts } from './own-contracts';

/** Where meters hang: a home of the reader's, or the common parts of a community. */
export interface Flat {
  id: string;
  name: string;
  query: { unit_id: string } | { community_id: string };
}

/** The homes that the reader has now (who has none, those that he had), what is common in a board member's community, and the one that the address names or that comes first. */
export async function loadFlats(query: Record<string, string>): Promise<{ flats: Flat[]; flat: Flat | undefined }> {
  const contracts = (await ownContracts()).filter(({ unit }) => unit);
  const now = today(currentMe().organisation.time_zone);
  const current = contracts.filter(({ ends_on }) => !ends_on || ends_on >= now);
  const flats = new Map<string, Flat>();
  for (const contract of current.length > 0 ? current : contracts) {
    const id = contract.unit?.unit_id;
    if (id) flats.set(id, { id, name: contractName(contract), query: { unit_id: id } });
  }
  const boards = currentMe().grants.filter(
    ({ role, starts_on, ends_on }) =>
      role === 'board_member' && (!starts_on || starts_on <= now) && (!ends_on || ends_on >= now),
  );
  for (const { community_id: id } of boards) {
    const name = contracts.find(({ community }) => community.community_id === id)?.community.name;
    if (id) flats.set(id, { id, name: m.meter_common({ community: name ?? '' }), query: { community_id: id } });
  }
  const all = [...flats.values()];
  const { unit, community } = query;
  if (community)
    return {
      flats: all,
      flat: flats.get(community) ?? { id: community, name: '', query: { community_id: community } },
    };
  // A home that is not among them may be one that staff look at; the API says whether one may.
  const named = unit ? (flats.get(unit) ?? { id: unit, name: '', query: { unit_id: unit } }) : all[0];
  return { flats: all, flat: named };
}

/** Every meter: a home has few, common parts may have some pages of them. */
export async function loadMeters(flat: Flat): Promise<MeterItem[]> {
  const items: MeterItem[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await unwrap(api.GET('/meters', { params: { query: { ...flat.query, ...(cursor && { cursor }) } } }));
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items;
}

/** A page of the same home. */
export function flatAddress(path: string, flat: Flat | undefined): string {
  if (!flat) return path;
  return 'unit_id' in flat.query ? `${path}?unit=${flat.id}` : `${path}?community=${flat.id}`;
}

/** Which of several homes; nothing where there is no choice. */
export function FlatTabs({ flats, flat, path }: { flats: Flat[]; flat: Flat | undefined; path: string }) {
  if (flats.length < 2) return null;
  return (
    <Tabs tabs={flats.map((one) => [one.id, flatAddress(path, one), one.name])} at={flat?.id} label={m.meter_flats()} />
  );
}
