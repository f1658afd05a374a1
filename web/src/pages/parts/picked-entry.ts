/** The entry that a staff member chose to take back, carried from the list to the page that asks for the reason. */
export interface PickedEntry {
  entry_id: string;
  kind: 'charge' | 'payment';
  name: string;
  date: string;
  amount: number;
  currency: string;
}

let picked: PickedEntry | null = null;

export function pickEntry(entry: PickedEntry): void {
  picked = entry;
}

export function pickedEntry(entry_id: string): PickedEntry | null {
  return picked?.entry_id === entry_id ? picked : null;
}
