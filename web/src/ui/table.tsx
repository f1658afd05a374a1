import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Pages } from '../api/resource';
import { m } from '../paraglide/messages.js';
import { Skeleton } from './loaded';
import { Failed } from './notice';

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ComponentChildren;
  numeric?: boolean;
  /** The cell that names the row. */
  head?: boolean;
  /** Buttons and links: without a label on narrow screens, left out in print. */
  actions?: boolean;
  total?: ComponentChildren;
}

interface TableProps<T> {
  caption: string;
  hideCaption?: boolean;
  columns: Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  rowTestId?: string;
  rowClass?: (row: T) => string | undefined;
}

/** Up to this many columns fit where more of them would not. */
const FEW = 5;

/** A table on wide screens, stacked rows on narrow ones. Roles are spelled out because stacking would take them away. */
export function Table<T>({ caption, hideCaption, columns, rows, rowKey, rowTestId, rowClass }: TableProps<T>) {
  const shape = (column: Column<T>) =>
    [column.numeric && 'numeric', column.actions && 'cell-actions'].filter(Boolean).join(' ') || undefined;
  const withTotal = columns.some((column) => column.total !== undefined);
  return (
    <div class="table-box">
      <table class={columns.length > FEW ? 'table table-many' : 'table table-few'} role="table">
        <caption class={hideCaption ? 'hidden' : undefined}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.id} scope="col" role="columnheader" class={shape(column)}>
                {column.actions ? <span class="hidden">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row" data-testid={rowTestId} class={rowClass?.(row)}>
              {columns.map((column) =>
                column.head ? (
                  <th key={column.id} scope="row" role="rowheader">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td
                    key={column.id}
                    role="cell"
                    class={shape(column)}
                    data-label={column.actions ? undefined : column.header}
                  >
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {withTotal && (
          <tfoot role="rowgroup">
            <tr role="row">
              {columns.map((column) =>
                column.head ? (
                  <th key={column.id} scope="row" role="rowheader">
                    {column.total}
                  </th>
                ) : (
                  <td key={column.id} role="cell" class={shape(column)} data-label={column.header}>
                    {column.total}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

interface ListProps<T> extends Omit<TableProps<T>, 'rows'> {
  pages: Pages<T>;
  empty: string;
}

/** A paged list: skeleton, empty state, error with retry, rows, "show more". */
export function ListTable<T>({ pages, empty, ...table }: ListProps<T>) {
  if (pages.first.state === 'loading') return <Skeleton lines={6} />;
  if (pages.first.state === 'failed') return <Failed problem={pages.first.problem} retry={pages.reload} />;
  if (pages.items.length === 0) return <p class="empty">{empty}</p>;
  return (
    <div>
      <Table {...table} rows={pages.items} />
      <More pages={pages} />
    </div>
  );
}

export function More<T>({ pages }: { pages: Pages<T> }) {
  const id = useId();
  const shown = m.list_shown({ count: pages.items.length });
  return (
    <div class="more">
      {pages.more !== 'none' && (
        <button
          type="button"
          class="button"
          aria-describedby={id}
          aria-disabled={pages.more === 'loading'}
          onClick={pages.loadMore}
        >
          {pages.more === 'loading' ? m.loading() : m.list_more()}
        </button>
      )}
      <p id={id} class="muted small" role="status">
        {pages.more === 'failed' ? m.list_more_failed() : shown}
      </p>
    </div>
  );
}
