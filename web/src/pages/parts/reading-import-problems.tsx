import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { usePages } from '../../api/resource';
import type { ReadingImport, RowProblem } from '../../api/types';
import { date } from '../../i18n/format';
import { rowText } from '../../i18n/reading-rows';
import { m } from '../../paraglide/messages.js';
import { Failed } from '../../ui/notice';
import { Progress } from '../../ui/progress';
import { type Column, ListTable } from '../../ui/table';
import { everyProblem, problemsAsCsv } from './reading-csv';
import { saveAs } from './reading-rows';

/** The rows of an import that were refused or are held, to look at and to take along. */
export default function ReadingImportProblems({ found, count }: { found: ReadingImport; count: number }) {
  const { import_id, name, content } = found;
  const load = (cursor?: string) =>
    unwrap(
      api.GET('/reading-imports/{import_id}/problems', {
        params: { path: { import_id }, query: cursor ? { cursor } : {} },
      }),
    );
  const pages = usePages(`problems ${import_id}`, load);
  const [got, setGot] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const download = async () => {
    if (got !== null) return;
    setProblem(null);
    setGot(0);
    try {
      const all = await everyProblem(load, setGot);
      saveAs(m.reading_rows_file({ name: name.replace(/\.\w+$/, '') }), problemsAsCsv(all, content));
    } catch (error) {
      setProblem(Problem.of(error));
    }
    setGot(null);
  };
  const columns: Column<RowProblem>[] = [
    { id: 'line', header: m.bank_line(), head: true, cell: (row) => (row.line > 0 ? row.line : m.bank_whole_file()) },
    { id: 'number', header: m.reading_number(), cell: (row) => row.meter_number },
    { id: 'date', header: m.reading_day(), cell: (row) => date(row.date, 'short') },
    { id: 'values', header: m.reading_value(), cell: (row) => <span class="figures">{row.values.join(' · ')}</span> },
    {
      id: 'outcome',
      header: m.reading_rows_outcome(),
      cell: (row) => (row.outcome === 'held' ? m.reading_import_held() : m.reading_import_refused()),
    },
    { id: 'what', header: m.bank_what_is_wrong(), cell: (row) => rowText(row.code, row.message_params) },
  ];
  return (
    <section class="section" aria-labelledby="rows">
      <h2 id="rows">{m.reading_rows({ count })}</h2>
      {problem && <Failed problem={problem} />}
      <p>
        <button type="button" class="button" data-busy={got !== null || undefined} onClick={() => void download()}>
          {m.reading_rows_download()}
        </button>
      </p>
      {got !== null && (
        <div role="status">
          <Progress label={m.reading_rows_collecting()} done={got} total={count} />
        </div>
      )}
      <ListTable
        caption={m.reading_rows({ count })}
        hideCaption
        columns={columns}
        pages={pages}
        rowKey={(row) => `${row.line} ${row.code} ${row.field} ${row.meter_number} ${row.date}`}
        rowTestId="import-error"
        empty={m.reading_rows_none()}
      />
    </section>
  );
}
