import { currentMe } from '../../session/session';

export type Kind = 'reply' | 'internal';

const keyOf = (ticket_id: string, kind: Kind) => `lokum.written.${currentMe().person.person_id}.${ticket_id}.${kind}`;

/** What this person has typed to a ticket in this tab and not sent: its form goes away when the ticket ends or another one is opened. */
export function recallWritten(ticket_id: string, kind: Kind): string {
  try {
    return sessionStorage.getItem(keyOf(ticket_id, kind)) ?? '';
  } catch {
    return '';
  }
}

export function keepWritten(ticket_id: string, kind: Kind, text: string): void {
  try {
    if (text) sessionStorage.setItem(keyOf(ticket_id, kind), text);
    else sessionStorage.removeItem(keyOf(ticket_id, kind));
  } catch {
    // Storage may be refused or full: then the text lasts as long as its form.
  }
}
