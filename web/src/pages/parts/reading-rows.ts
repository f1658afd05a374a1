/** What stands in the address of an import; the file's key goes along, so that a checked file can be imported as it is. */
export const importAddress = (import_id: string, key: string): string =>
  `/reading-imports?import=${encodeURIComponent(import_id)}&upload=${encodeURIComponent(key)}`;

/** Gives the reader a file that was made here. */
export function saveAs(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.csv`;
  link.click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
