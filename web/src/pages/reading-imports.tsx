import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { ReadingImport } from '../api/types';
import { IMPORT_STATES } from '../i18n/import-states';
import '../i18n/reading-codes';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Status } from '../ui/facts';
import { later } from '../ui/later';
import { InstantText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';
import { ReadingTabs } from './parts/reading-tabs';

const ReadingImportFile = later(() => import('./parts/reading-import-file'), 6);
const ReadingImportResult = later(() => import('./parts/reading-import-result'), 6);

/** Files of readings and of meters. The import that is looked at stands in the address, so that a reload finds it. */
export default function ReadingImports() {
  const { query } = useLocation();
  if (!isStaff()) return <NotFound />;
  const { import: import_id, upload } = query;
  return (
    <Page wide title={m.reading_import_title()} lead={m.reading_import_lead()}>
      <ReadingTabs at="imports" />
      {import_id ? (
        <ReadingImportResult key={import_id} import_id={import_id} upload={upload || null} />
      ) : (
        <>
          <ReadingImportFile />
          <section class="section" aria-labelledby="earlier">
            <h2 id="earlier">{m.bank_earlier()}</h2>
            <Earlier />
          </section>
        </>
      )}
    </Page>
  );
}

const STATE_KIND = { queued: 'plain', running: 'part', done: 'good', failed: 'bad' } as const;

function Earlier() {
  const pages = usePages('reading-imports', (cursor) =>
    unwrap(api.GET('/reading-imports', { params: { query: cursor ? { cursor } : {} } })),
  );
  const figure = (id: 'accepted' | 'held' | 'duplicates' | 'refused', header: string): Column<ReadingImport> => ({
    id,
    header,
    numeric: true,
    cell: (row) => <span class="figures">{row[id]}</span>,
  });
  const columns: Column<ReadingImport>[] = [
    {
      id: 'name',
      header: m.bank_name(),
      head: true,
      cell: (row) => (
        <span>
          <a href={`/reading-imports?import=${row.import_id}`}>{row.name || m.reading_import_unnamed()}</a>
          <span class="note">
            {row.content === 'meters' ? m.reading_import_meters() : m.reading_import_readings()}
            {row.dry_run && ` · ${m.reading_import_checked()}`}
          </span>
        </span>
      ),
    },
    { id: 'created', header: m.bank_created(), cell: (row) => <InstantText at={row.created_at} /> },
    {
      id: 'state',
      header: m.reading_state(),
      cell: (row) => <Status kind={STATE_KIND[row.state]}>{IMPORT_STATES[row.state]()}</Status>,
    },
    figure('accepted', m.reading_import_accepted()),
    figure('held', m.reading_import_held()),
    figure('duplicates', m.bank_duplicates()),
    figure('refused', m.reading_import_refused()),
  ];
  return (
    <ListTable
      caption={m.bank_earlier()}
      hideCaption
      columns={columns}
      pages={pages}
      rowKey={(row) => row.import_id}
      rowTestId="import-row"
      empty={m.reading_import_none()}
    />
  );
}
