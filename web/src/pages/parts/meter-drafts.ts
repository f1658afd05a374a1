import type { Kept } from '../../api/tray';
import type { Suggestion } from '../../api/types';
import { UNSENT } from '../../session/memory';

/** A reading while it is typed. */
export interface Draft {
  date: string;
  values: string[];
  claim: Suggestion['claim'];
  claimed: number[];
  photo: Kept[];
}

const keyOf = (person: string, meter: string) => `${UNSENT}${person}.${meter}`;

/** What this person had typed on this device; it outlasts the tab, because meters hang where there is no signal. */
export function recallReading(person: string, meter: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(person, meter)) ?? 'null');
    const whole = typeof kept?.date === 'string' && [kept.values, kept.claimed, kept.photo].every(Array.isArray);
    return whole ? kept : null;
  } catch {
    return null;
  }
}

export function keepReading(person: string, meter: string, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(keyOf(person, meter), JSON.stringify(draft));
    else localStorage.removeItem(keyOf(person, meter));
  } catch {
    // Storage may be refused or full: then the draft lasts as long as the page.
  }
}
