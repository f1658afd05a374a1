import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useFollowedPages } from '../api/following';
import { Problem } from '../api/problem';
import type { TicketItem } from '../api/types';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { Icon } from '../ui/icon';
import { later } from '../ui/later';
import { LoadedPage, Skeleton } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed } from '../ui/notice';
import { Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { type DeskData, useDesk, useNames } from './parts/desk-data';
import { keysOn, switchKeys, useKeys } from './parts/desk-keys';
import { type Filters, filtersOf, QueueFilters, queueAddress } from './parts/queue-filters';
import { linkId, QueueTable } from './parts/queue-table';
import { QueueViews } from './parts/queue-views';
import '../styles/desk.css';

// What not every visit needs comes when it is asked for.
const QueueBoard = later(() => import('./parts/queue-board'), 8);
const QueueBulk = later(() => import('./parts/queue-bulk'));
const KeysDialog = later(() => import('./parts/keys-dialog'));
const TicketDesk = later(() => import('./parts/ticket-desk'), 8);

export default function Queue() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const desk = useDesk();
  return (
    <LoadedPage of={desk} title={m.queue_title()}>
      {(data) => <Desk data={data} />}
    </LoadedPage>
  );
}

/** Wide enough for the list and a ticket beside it. */
const WIDE = '(min-width: 72em)';

/** The open tickets, overdue first; filters, view and the ticket that is open stand in the address. */
function Desk({ data }: { data: DeskData }) {
  const { query, route } = useLocation();
  const board = query.view === 'board';
  const { status, ...others } = filtersOf(query);
  const filters: Filters = { ...others, ...(status && !board && { status }) };
  const key = JSON.stringify(Object.entries(filters).sort());
  const [views, setViews] = useState(data.desk.views);
  const [help, setHelp] = useState(false);
  useKeys({
    '/': () => document.querySelector<HTMLElement>('.desk-filters input')?.focus(),
    '?': () => setHelp(true),
  });

  return (
    <Page
      wide
      title={m.queue_title()}
      actions={
        <>
          <a class="button button-main" href="/queue/new">
            <Icon name="plus" />
            {m.queue_new()}
          </a>
          <a class="button" href="/incidents">
            {m.incident_list()}
          </a>
          <a class="button button-quiet" href="/queue/settings">
            {m.queue_settings()}
          </a>
        </>
      }
    >
      <QueueViews views={views} filters={filters} onSaved={setViews} />
      <QueueFilters
        key={key}
        data={data}
        filters={filters}
        board={board}
        onChange={(wanted) => route(queueAddress(wanted, { view: query.view }), true)}
      />
      <div class="desk-tools">
        <Tabs
          tabs={[
            ['list', queueAddress(filters), m.queue_as_list()],
            ['board', queueAddress(others, { view: 'board' }), m.queue_as_board()],
          ]}
          at={board ? 'board' : 'list'}
        />
        <button type="button" class="button button-quiet desk-keys" onClick={() => setHelp(true)}>
          {m.queue_keys()}
        </button>
      </div>
      {board ? (
        <QueueBoard data={data} filters={others} empty={<Empty filtered={Object.keys(others).length > 0} />} />
      ) : (
        <List
          data={data}
          filters={filters}
          name={key}
          open={query.ticket || null}
          show={(ticket) => route(queueAddress(filters, { view: query.view, ticket }), true)}
        />
      )}
      {help && (
        <KeysDialog title={m.queue_keys()} on={keysOn.value} onSwitch={switchKeys} onClose={() => setHelp(false)} />
      )}
    </Page>
  );
}

interface ListProps {
  data: DeskData;
  filters: Filters;
  /** The filters as one word: with others, nothing is chosen any more. */
  name: string;
  open: string | null;
  show: (ticket?: string) => void;
}

function List({ data, filters, name, open, show }: ListProps) {
  const { route } = useLocation();
  const pages = useFollowedPages<TicketItem>(`queue ${name}`, (headers, cursor) =>
    api.GET('/tickets', { params: { query: { ...filters, ...(cursor && { cursor }) } }, headers }),
  );
  const [chosen, setChosen] = useState<{ name: string; ids: ReadonlySet<string> }>({ name, ids: new Set() });
  const [bulk, setBulk] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ids = chosen.name === name ? chosen.ids : new Set<string>();
  const choose = (wanted: ReadonlySet<string>) => {
    setChosen({ name, ids: wanted });
    if (wanted.size > 0) setBulk(true);
  };
  const toggle = (id: string, on: boolean) => {
    const next = new Set(ids);
    if (on) next.add(id);
    else next.delete(id);
    choose(next);
  };
  const { items, first } = pages;
  useNames(
    items.flatMap((ticket) => [ticket.reporter_id, ticket.assignee_id]),
    data.colleagues,
  );
  // Chosen tickets that have left the list (done by somebody else) are chosen no more.
  const picked = items.filter((ticket) => ids.has(ticket.ticket_id));

  const current = () => items.findIndex((ticket) => document.activeElement?.id === linkId(ticket.ticket_id));
  const step = (by: 1 | -1) => {
    const at = current();
    const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : Math.max(0, Math.min(items.length - 1, at + by))];
    if (next) document.getElementById(linkId(next.ticket_id))?.focus();
  };
  const assignToMe = () => {
    const ticket = items[current()];
    if (!ticket) return;
    setProblem(null);
    unwrap(
      api.PATCH('/tickets/{ticket_id}', {
        params: { path: { ticket_id: ticket.ticket_id } },
        body: { assignee_id: currentMe().person.person_id, version: ticket.version },
      }),
    ).then(pages.reload, (error) => setProblem(Problem.of(error)));
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => {
      const ticket = items[current()];
      if (ticket) toggle(ticket.ticket_id, !ids.has(ticket.ticket_id));
    },
    a: assignToMe,
  });
  // A ticket that was open beside the list on a wide screen is none on a narrow one.
  useEffect(() => {
    if (open && !window.matchMedia(WIDE).matches) route(`/tickets/${open}`, true);
  }, [open, route]);
  const openBeside = (event: MouseEvent, ticket_id: string) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (!window.matchMedia(WIDE).matches) return;
    event.preventDefault();
    event.stopPropagation();
    show(ticket_id);
  };

  return (
    <>
      {problem && <Failed problem={problem} />}
      {bulk && (
        <QueueBulk
          data={data}
          chosen={picked}
          onDone={(left) => {
            choose(new Set(left));
            pages.reload();
          }}
          onClear={() => {
            choose(new Set());
            setBulk(false);
          }}
        />
      )}
      {first.state === 'loading' && <Skeleton lines={8} />}
      {first.state === 'failed' && <Failed problem={first.problem} retry={pages.reload} />}
      {first.state === 'ready' &&
        (items.length === 0 && pages.more === 'none' ? (
          <Empty filtered={Object.keys(filters).length > 0} />
        ) : (
          <div class={open ? 'desk desk-open' : 'desk'}>
            <QueueTable
              data={data}
              pages={pages}
              chosen={ids}
              open={open}
              onChoose={toggle}
              onOpen={openBeside}
              onArrow={step}
            />
            {open && (
              <div class="desk-beside" data-testid="beside">
                <p class="desk-beside-head">
                  <a href={`/tickets/${open}`}>{m.queue_open_page()}</a>
                  <button type="button" class="button button-quiet" onClick={() => show()}>
                    {m.ticket_close()}
                  </button>
                </p>
                <TicketDesk key={open} ticket_id={open} beside onChanged={pages.reload} />
              </div>
            )}
          </div>
        ))}
    </>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  return (
    <div class="all-good" data-testid="queue-empty">
      <Icon name={filtered ? 'info' : 'check'} />
      <div>
        <p class="all-good-title">{filtered ? m.queue_nothing_found() : m.queue_nothing()}</p>
        {filtered && (
          <p>
            <a href="/queue">{m.queue_reset()}</a>
          </p>
        )}
      </div>
    </div>
  );
}
