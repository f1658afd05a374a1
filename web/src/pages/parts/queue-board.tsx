import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { useFollowedPages } from '../../api/following';
import { Problem } from '../../api/problem';
import type { TicketItem } from '../../api/types';
import { type Status, statusText } from '../../i18n/desk-words';
import { DESK_STEPS } from '../../i18n/step-words';
import { m } from '../../paraglide/messages.js';
import { later } from '../../ui/later';
import { Skeleton } from '../../ui/loaded';
import { Failed } from '../../ui/notice';
import { More } from '../../ui/table';
import { type DeskData, nameOfPerson, useNames } from './desk-data';
import { isOpen, movesFrom, OPEN, type StepWords, textOf } from './desk-rules';
import type { Filters } from './queue-filters';
import { Select } from './select';
import { Due, Flags } from './ticket-marks';

const StepDialog = later(() => import('./step-dialog'));

interface Props {
  data: DeskData;
  /** Without a status: the columns are the statuses. */
  filters: Filters;
  /** Said where no column has a card. */
  empty: ComponentChildren;
}

interface Move {
  ticket: TicketItem;
  to: Status;
}

/** What is seen of a column: how many cards, whether that is all, and how to look at once. */
interface Seen {
  count: number;
  all: boolean;
  look: () => void;
}

/** The queue in columns by status. A card is moved by its list of steps or by dragging; what needs words asks for them. */
export default function QueueBoard({ data, filters, empty }: Props) {
  const [asked, setAsked] = useState<Move | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [told, setTold] = useState('');
  const [dragged, setDragged] = useState<TicketItem | null>(null);
  const [over, setOver] = useState<Status | null>(null);
  const [seen, setSeen] = useState<Partial<Record<Status, Seen>>>({});
  const columns = useRef(seen);
  columns.current = seen;
  // A ticket that has ended is here only where somebody asks for its number.
  const loaded: Status[] = filters.number ? [...OPEN, 'done'] : OPEN;
  const none = loaded.every((status) => seen[status]?.all && seen[status]?.count === 0);
  const look = (...statuses: string[]) => {
    for (const status of statuses) columns.current[status as Status]?.look();
  };
  const send = async ({ ticket, to }: Move, said: StepWords) => {
    const { ticket_id, version, number } = ticket;
    await unwrap(
      api.PATCH('/tickets/{ticket_id}', {
        params: { path: { ticket_id } },
        body: { status: to, version, ...said },
      }),
    );
    setTold(m.queue_moved({ number, status: statusText(to) }));
    look(ticket.status, to);
  };
  const move = (ticket: TicketItem, to: Status) => {
    setProblem(null);
    if (textOf(ticket.status, to)) return setAsked({ ticket, to });
    send({ ticket, to }, {}).catch((error) => {
      setProblem(Problem.of(error));
      // Somebody was quicker, and may have moved it anywhere.
      look(...loaded);
    });
  };
  const drop = (to: Status) => {
    setOver(null);
    if (dragged && movesFrom(dragged.status).includes(to)) move(dragged, to);
    setDragged(null);
  };
  const column = (status: Status) => {
    const fits = dragged !== null && movesFrom(dragged.status).includes(status);
    const own = seen[status];
    return (
      <section
        key={status}
        class={['board-column', fits && 'board-fits', over === status && 'board-over'].filter(Boolean).join(' ')}
        aria-labelledby={`column-${status}`}
        data-testid="board-column"
        data-status={status}
        onDragOver={(event) => {
          if (!fits) return;
          event.preventDefault();
          setOver(status);
        }}
        onDragLeave={() => setOver(null)}
        onDrop={(event) => {
          event.preventDefault();
          drop(status);
        }}
      >
        <h2 id={`column-${status}`}>
          {statusText(status)}{' '}
          {isOpen(status) && own && <span class="muted figures">{`${own.count}${own.all ? '' : '+'}`}</span>}
        </h2>
        {!isOpen(status) && <p class="muted small">{m.queue_board_done()}</p>}
        {loaded.includes(status) && (
          <Cards
            data={data}
            filters={filters}
            status={status}
            onSeen={(now) => setSeen((old) => ({ ...old, [status]: now }))}
            onDrag={(ticket) => {
              setDragged(ticket);
              if (!ticket) setOver(null);
            }}
            onMove={move}
          />
        )}
      </section>
    );
  };
  return (
    <div class="board-frame">
      <p class="hidden" role="status">
        {told}
      </p>
      {problem && <Failed problem={problem} />}
      {none && empty}
      <div class="board">{[...OPEN, 'done' as const].map(column)}</div>
      {asked && (
        <StepDialog
          number={asked.ticket.number}
          from={asked.ticket.status}
          to={asked.to}
          answers={data.desk.answers}
          send={(said) => send(asked, said)}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

interface CardsProps extends Omit<Props, 'empty'> {
  status: Status;
  onSeen: (seen: Seen | undefined) => void;
  onDrag: (ticket: TicketItem | null) => void;
  onMove: (ticket: TicketItem, to: Status) => void;
}

/** The cards of one column: a list of its own, followed and continued by itself. */
function Cards({ data, filters, status, onSeen, onDrag, onMove }: CardsProps) {
  const key = JSON.stringify(Object.entries(filters).sort());
  const pages = useFollowedPages<TicketItem>(`board ${status} ${key}`, (headers, cursor) =>
    api.GET('/tickets', { params: { query: { ...filters, status, ...(cursor && { cursor }) } }, headers }),
  );
  const { first, reload } = pages;
  // What has just been moved away may still stand in an answer that was on its way.
  const cards = pages.items.filter((ticket) => ticket.status === status);
  const [count, all, ready] = [cards.length, pages.more === 'none', first.state === 'ready'];
  useEffect(() => onSeen(ready ? { count, all, look: reload } : undefined), [count, all, ready, reload]);
  useEffect(() => () => onSeen(undefined), []);
  useNames(
    cards.flatMap((ticket) => [ticket.reporter_id, ticket.assignee_id]),
    data.colleagues,
  );
  if (first.state === 'loading') return <Skeleton lines={3} />;
  if (first.state === 'failed') return <Failed problem={first.problem} retry={reload} />;
  return (
    <>
      <ul>
        {cards.map((ticket) => (
          <li
            key={ticket.ticket_id}
            class="card"
            data-testid="board-card"
            draggable
            onDragStart={(event) => {
              event.dataTransfer?.setData('text/plain', ticket.number);
              onDrag(ticket);
            }}
            onDragEnd={() => onDrag(null)}
          >
            <a href={`/tickets/${ticket.ticket_id}`}>{ticket.subject}</a>
            <span class="note figures">{ticket.number}</span>
            <Flags ticket={ticket} />
            <Due ticket={ticket} />
            <span class="muted small">{nameOfPerson(ticket.assignee_id) || m.queue_assignee_none()}</span>
            <MoveList ticket={ticket} onMove={(to) => onMove(ticket, to)} />
          </li>
        ))}
      </ul>
      {!all && <More pages={pages} />}
    </>
  );
}

/** A list and a button: choosing alone does nothing yet, so that going through the list by keyboard moves no card. */
function MoveList({ ticket, onMove }: { ticket: TicketItem; onMove: (to: Status) => void }) {
  const [to, setTo] = useState('');
  return (
    <details class="card-moves">
      <summary>
        {m.queue_move()}
        <span class="hidden"> {ticket.number}</span>
      </summary>
      <Select
        label={m.queue_move_to()}
        value={to}
        none={m.queue_move_choose()}
        options={movesFrom(ticket.status).map((value) => ({ value, label: DESK_STEPS[value]() }))}
        onChange={setTo}
      />
      <button type="button" class="button" aria-disabled={!to} onClick={() => to && onMove(to as Status)}>
        {m.queue_move_action()}
      </button>
    </details>
  );
}
