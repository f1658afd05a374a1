/** Small public settings of this device (language, look, organisation). Storage may be refused; then nothing is kept. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse storage: the setting then lasts until the page is closed.
  }
}

/** What this device keeps until it is sent begins with this; beside it drafts live as long as the tab. */
export const UNSENT = 'lokum.unsent.';

/** Who signs out leaves no draft to the next person. */
export function forgetTab(): void {
  try {
    sessionStorage.clear();
    for (const key of Object.keys(localStorage)) if (key.startsWith(UNSENT)) localStorage.removeItem(key);
  } catch {
    // Refused storage holds nothing.
  }
}
