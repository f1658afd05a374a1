import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { HeldReading, StreamEntry } from '../../api/types';
import { counters, measured } from '../../i18n/meter-words';
import { m } from '../../paraglide/messages.js';
import { LoadedPart } from '../../ui/loaded';
import { DateText } from '../../ui/money';
import { type Column, Table } from '../../ui/table';
import { HeldChart } from './held-chart';
import { monthBack } from './held-line';

/** So many months before the reading are shown: the same season twice. */
const MONTHS = 24;
const PAGES = 2;

/** What happened to the meter, the newest first, as far as the chart goes back. */
async function entriesOf(meter_id: string, since: string): Promise<StreamEntry[]> {
  const all: StreamEntry[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const found = await unwrap(
      api.GET('/meters/{meter_id}/readings', {
        params: { path: { meter_id }, query: cursor ? { cursor } : {} },
      }),
    );
    all.push(...found.items);
    cursor = found.next_cursor;
    if (!cursor || (found.items.at(-1)?.date ?? '') < since) break;
  }
  return all;
}

const load = async ({ meter_id, date }: HeldReading) => {
  const from = monthBack(date, MONTHS);
  const [entries, consumption] = await Promise.all([
    entriesOf(meter_id, from),
    unwrap(
      api.GET('/meters/{meter_id}/consumption', {
        params: { path: { meter_id }, query: { from, to: date, by: 'month' } },
      }),
    ),
  ]);
  return { from, entries, consumption };
};

export default function HeldHistory({ reading }: { reading: HeldReading }) {
  const history = useResource(`history ${reading.reading_id}`, () => load(reading));
  return (
    <section class="section" aria-labelledby={`held-${reading.reading_id}-history`}>
      <h3 id={`held-${reading.reading_id}-history`}>{m.held_history()}</h3>
      <LoadedPart of={history} lines={6}>
        {({ from, entries, consumption }) => (
          <>
            <HeldChart reading={reading} from={from} entries={entries} consumption={consumption} />
            <details class="desk-more">
              <summary>{m.held_history_table()}</summary>
              <Entries entries={entries} unit={reading.unit} held={reading.reading_id} />
            </details>
          </>
        )}
      </LoadedPart>
    </section>
  );
}

const KINDS: Record<StreamEntry['kind'], () => string> = {
  installed: m.reading_kind_installed,
  read: m.reading_kind_read,
  rolled_over: m.reading_kind_rolled_over,
  estimated: m.reading_kind_estimated,
  replaced: m.reading_kind_replaced,
  verified: m.reading_kind_verified,
  sealed: m.reading_kind_sealed,
  removed: m.reading_kind_removed,
};

function Entries({ entries, unit, held }: { entries: StreamEntry[]; unit: string; held: string }) {
  const columns: Column<StreamEntry>[] = [
    { id: 'date', header: m.reading_day(), head: true, cell: (row) => <DateText on={row.date} style="short" /> },
    {
      id: 'kind',
      header: m.held_happened(),
      cell: (row) => (row.entry_id === held ? m.held_this() : KINDS[row.kind]()),
    },
    {
      id: 'values',
      header: m.reading_value(),
      numeric: true,
      cell: (row) => <span class="figures">{counters(row.values)}</span>,
    },
    {
      id: 'use',
      header: m.held_use(),
      numeric: true,
      cell: (row) => row.uses && <span class="figures">{row.uses.map((use) => measured(use, unit)).join(' · ')}</span>,
    },
  ];
  const standing = entries.filter(({ status, entry_id }) => status === 'accepted' || entry_id === held);
  return (
    <Table
      caption={m.held_history()}
      hideCaption
      columns={columns}
      rows={standing}
      rowKey={(row) => row.entry_id}
      rowTestId="history-row"
    />
  );
}
