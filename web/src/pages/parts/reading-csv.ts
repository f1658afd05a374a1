import type { Page } from '../../api/resource';
import type { ReadingImport, RowProblem } from '../../api/types';
import { rowText } from '../../i18n/reading-rows';
import { m } from '../../paraglide/messages.js';

const VALUES = 4;

/** All wrong rows of an import, fetched page by page, in the order of the file. */
export async function everyProblem(
  load: (cursor?: string) => Promise<Page<RowProblem>>,
  onProgress: (count: number) => void,
): Promise<RowProblem[]> {
  const all: RowProblem[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await load(cursor);
    all.push(...page.items);
    onProgress(all.length);
    if (!page.next_cursor || page.next_cursor === cursor) return all.sort((one, other) => one.line - other.line);
    cursor = page.next_cursor;
  }
}

/** A cell that no program takes for a formula, quoted where it has to be. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The wrong rows as a file that office programs of all five languages open: semicolons, CRLF, UTF-8 with its mark. The line, what
 * became of it and why stand before the columns of an import as remarks (#), which an import passes over: readings that were put
 * right can be sent again as they are.
 */
export function problemsAsCsv(rows: readonly RowProblem[], content: ReadingImport['content']): string {
  const name = content === 'meters' ? 'opening' : 'value';
  const values = Array.from({ length: VALUES }, (_, index) => `${name}${index + 1}`);
  const remarks = [m.bank_line(), m.reading_rows_outcome(), m.bank_what_is_wrong()].map((name) => `# ${name}`);
  const lines = [[...remarks, 'meter_number', content === 'meters' ? 'installed_on' : 'date', ...values]];
  for (const row of rows) {
    lines.push([
      String(row.line),
      row.outcome,
      rowText(row.code, row.message_params),
      row.meter_number,
      row.date,
      ...values.map((_, index) => row.values[index] ?? ''),
    ]);
  }
  return `\uFEFF${lines.map((line) => line.map(cell).join(';')).join('\r\n')}\r\n`;
}
