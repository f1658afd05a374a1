import type { Kept } from '../../api/tray';
import type { Ticket } from '../../api/types';
import type { TicketType } from '../../i18n/ticket-words';

/** A report while it is written. */
export interface Draft {
  contract_id: string;
  type: TicketType;
  where: 'unit' | 'common';
  place: string;
  subject: string;
  description: string;
  emergency: boolean;
  wished_times: Ticket['wished_times'];
  incident_id: string;
}

interface Stored {
  values: Draft;
  files: Kept[];
  /** The subject that was suggested, as long as it may be replaced by another suggestion. */
  suggested: string;
}

const keyOf = (person: string) => `lokum.report.${person}`;

/** What this person had written in this tab before the page was reloaded: the camera of a telephone makes the browser forget pages. */
export function recallDraft(person: string): Stored | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(keyOf(person)) ?? 'null');
    return stored && typeof stored === 'object' && stored.values && Array.isArray(stored.files) ? stored : null;
  } catch {
    return null;
  }
}

export function keepDraft(person: string, stored: Stored | null): void {
  try {
    if (stored) sessionStorage.setItem(keyOf(person), JSON.stringify(stored));
    else sessionStorage.removeItem(keyOf(person));
  } catch {
    // Storage may be refused or full: then the draft lasts as long as the page.
  }
}
