import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { type Resource, useResource } from '../../api/resource';
import type { Colleague, Community, Desk, TicketSettings } from '../../api/types';

/** What every page of the desk needs beside the tickets themselves. */
export interface DeskData {
  settings: TicketSettings;
  colleagues: Colleague[];
  communities: Community[];
  desk: Desk;
}

const MOST_PAGES = 20;

/** All pages of a short list. */
export async function everything<T>(
  load: (query: { cursor?: string }) => Promise<{ items: T[]; next_cursor?: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  let pages = 0;
  do {
    const page = await load(cursor ? { cursor } : {});
    items.push(...page.items);
    const next = page.next_cursor;
    cursor = next === cursor ? null : next;
    pages += 1;
  } while (cursor && pages < MOST_PAGES);
  return items;
}

export async function loadDesk(): Promise<DeskData> {
  const [settings, colleagues, communities, desk] = await Promise.all([
    unwrap(api.GET('/ticket-settings')),
    everything((query) => unwrap(api.GET('/colleagues', { params: { query } }))),
    everything((query) => unwrap(api.GET('/communities', { params: { query } }))),
    unwrap(api.GET('/ticket-desk')),
  ]);
  return { settings, colleagues, communities, desk };
}

/** `round`: another one asks again. */
export function useDesk(round = ''): Resource<DeskData> {
  return useResource(`desk ${round}`, loadDesk);
}

const colleagueName = (one: Colleague) => `${one.first_name} ${one.last_name}`.trim();

/** Colleagues as a list to choose from, by name. */
export function colleagueOptions(colleagues: Colleague[]): { value: string; label: string }[] {
  return colleagues
    .map((one) => ({ value: one.person_id, label: colleagueName(one) }))
    .sort((one, other) => one.label.localeCompare(other.label));
}

// Names change seldom; each id is asked for once a visit.
const names = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();
const AT_ONCE = 50;

/** Puts names that are known already, such as those of colleagues, where `nameOfPerson` finds them. */
export function keepNames(known: [id: string, name: string][]): void {
  const fresh = known.filter(([id, name]) => names.peek().get(id) !== name);
  if (fresh.length > 0) names.value = new Map([...names.peek(), ...fresh]);
}

/** Learns the names of people; `nameOfPerson` says them as soon as they are there. */
export function useNames(ids: (string | null | undefined)[], colleagues: Colleague[]): void {
  const wanted = [...new Set(ids.filter((id): id is string => !!id))].sort().join(',');
  useEffect(() => {
    keepNames(colleagues.map((one) => [one.person_id, colleagueName(one)]));
    for (const one of colleagues) asked.add(one.person_id);
    const missing = wanted.split(',').filter((id) => id && !asked.has(id));
    for (const id of missing) asked.add(id);
    for (let start = 0; start < missing.length; start += AT_ONCE) {
      const part = missing.slice(start, start + AT_ONCE);
      unwrap(api.GET('/people/names', { params: { query: { ids: part.join(',') } } })).then(
        ({ items }) => keepNames(items.map((one) => [one.person_id, one.name])),
        // A name is an adornment: without it the row still says everything else, and the next visit asks again.
        () => {
          for (const id of part) asked.delete(id);
        },
      );
    }
  }, [wanted, colleagues]);
}

export const nameOfPerson = (id: string | null | undefined): string => (id && names.value.get(id)) || '';

/** Names of communities by their ids; empty until they are there. */
export function useCommunities(): ReadonlyMap<string, string> {
  const found = useResource('communities', () =>
    everything((query) => unwrap(api.GET('/communities', { params: { query } }))),
  );
  return new Map(found.state === 'ready' ? found.data.map((one) => [one.community_id, one.name]) : []);
}
