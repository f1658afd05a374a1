import type { Page } from '../../api/resource';
import type { RowProblem } from '../../api/types';
import { rowText } from '../../i18n/reading-codes';

const VALUES = 4;

/** All wrong rows of an import, page by page. */
export async function everyProblem(
  load: (cursor?: string) => Promise<Page<RowProblem>>,
  onProgress: (count: number) => void,
): Promise<RowProblem[]> {
  const all: RowProblem[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await load(cursor);
    all.push(...page.items);
    onProgress(all.length);
    if (!page.next_cursor || page.next_cursor === cursor) return all;
    cursor = page.next_cursor;
  }
}

/** A cell that no program takes for a formula, quoted where it has to be. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The wrong rows as a file that office programs of all five languages open: semicolons, CRLF, UTF-8 with its mark. The columns that
 * an import reads come first and as they were sent, so that the file can be put right and sent again.
 */
export function problemsAsCsv(rows: readonly RowProblem[]): string {
  const values = Array.from({ length: VALUES }, (_, index) => `value${index + 1}`);
  const lines = [['meter_number', 'date', ...values, 'line', 'outcome', 'code', 'problem']];
  for (const row of rows) {
    lines.push([
      row.meter_number,
      row.date,
      ...values.map((_, index) => row.values[index] ?? ''),
      String(row.line),
      row.outcome,
      row.code,
      rowText(row.code, row.message_params),
    ]);
  }
  return `\uFEFF${lines.map((line) => line.map(cell).join(';')).join('\r\n')}\r\n`;
}

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
