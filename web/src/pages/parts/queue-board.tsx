import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Pages } from '../../api/resource';
import type { TicketItem } from '../../api/types';
import { type Status, statusText } from '../../i18n/desk-words';
import { DESK_STEPS } from '../../i18n/step-words';
import { m } from '../../paraglide/messages.js';
import { later } from '../../ui/later';
import { Failed } from '../../ui/notice';
import { More } from '../../ui/table';
import { type DeskData, nameOfPerson } from './desk-data';
import { isOpen, movesFrom, OPEN, textOf } from './desk-rules';
import { Select } from './select';
import { Due, Flags } from './ticket-marks';

const StepDialog = later(() => import('./step-dialog'));

interface Props {
  data: DeskData;
  pages: Pages<TicketItem>;
}

interface Move {
  ticket: TicketItem;
  to: Status;
}

const COLUMNS: Status[] = [...OPEN, 'done'];

/** The queue in columns by status. A card is moved by its list of steps or by dragging; what needs words asks for them. */
export default function QueueBoard({ data, pages }: Props) {
  const [asked, setAsked] = useState<Move | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [told, setTold] = useState('');
  const [dragged, setDragged] = useState<TicketItem | null>(null);
  const [over, setOver] = useState<Status | null>(null);
  const send = async ({ ticket, to }: Move, text: string) => {
    const { ticket_id, version, number } = ticket;
    await unwrap(
      api.PATCH('/tickets/{ticket_id}', {
        params: { path: { ticket_id } },
        body: { status: to, version, ...(text && { text }) },
      }),
    );
    setTold(m.queue_moved({ number, status: statusText(to) }));
    pages.reload();
  };
  const move = (ticket: TicketItem, to: Status) => {
    setProblem(null);
    if (textOf(ticket.status, to)) return setAsked({ ticket, to });
    send({ ticket, to }, '').catch((error) => {
      setProblem(Problem.of(error));
      pages.reload();
    });
  };
  const drop = (to: Status) => {
    setOver(null);
    if (dragged && movesFrom(dragged.status).includes(to)) move(dragged, to);
    setDragged(null);
  };
  return (
    <div class="board-frame">
      <p class="hidden" role="status">
        {told}
      </p>
      {problem && <Failed problem={problem} />}
      <div class="board">
        {COLUMNS.map((status) => {
          const cards = pages.items.filter((ticket) => ticket.status === status);
          const fits = dragged !== null && movesFrom(dragged.status).includes(status);
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
                {statusText(status)} {isOpen(status) && <span class="muted figures">{cards.length}</span>}
              </h2>
              {!isOpen(status) && <p class="muted small">{m.queue_board_done()}</p>}
              <ul>
                {cards.map((ticket) => (
                  <li
                    key={ticket.ticket_id}
                    class="card"
                    data-testid="board-card"
                    draggable
                    onDragStart={(event) => {
                      event.dataTransfer?.setData('text/plain', ticket.number);
                      setDragged(ticket);
                    }}
                    onDragEnd={() => {
                      setDragged(null);
                      setOver(null);
                    }}
                  >
                    <a href={`/tickets/${ticket.ticket_id}`}>{ticket.subject}</a>
                    <span class="note figures">{ticket.number}</span>
                    <Flags ticket={ticket} />
                    <Due ticket={ticket} />
                    <span class="muted small">{nameOfPerson(ticket.assignee_id) || m.queue_assignee_none()}</span>
                    <MoveList ticket={ticket} onMove={(to) => move(ticket, to)} />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      <More pages={pages} />
      {asked && (
        <StepDialog
          number={asked.ticket.number}
          from={asked.ticket.status}
          to={asked.to}
          answers={data.desk.answers}
          send={(text) => send(asked, text)}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
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
