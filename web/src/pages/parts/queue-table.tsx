import type { Pages } from '../../api/resource';
import type { TicketItem } from '../../api/types';
import { TICKET_TYPES } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { type Column, More, Table } from '../../ui/table';
import { problemsOf } from './categories';
import { type DeskData, nameOfPerson } from './desk-data';
import { Tick } from './select';
import { Due, Flags, Standing } from './ticket-marks';

export const linkId = (ticket_id: string): string => `link-${ticket_id}`;

interface Props {
  data: DeskData;
  pages: Pages<TicketItem>;
  chosen: ReadonlySet<string>;
  /** The ticket that is open beside the list. */
  open: string | null;
  onChoose: (ticket_id: string, on: boolean) => void;
  onOpen: (event: MouseEvent, ticket_id: string) => void;
  onArrow: (step: 1 | -1) => void;
}

/** The queue as a table; where it is narrow, as cards. */
export function QueueTable({ data, pages, chosen, open, onChoose, onOpen, onArrow }: Props) {
  const problems = new Map(problemsOf(data.settings.categories).map((one) => [one.code, one]));
  const communities = new Map(data.communities.map((one) => [one.community_id, one.name]));
  const columns: Column<TicketItem>[] = [
    {
      id: 'select',
      header: m.queue_select(),
      actions: true,
      cell: (row) => (
        <Tick
          bare
          label={m.queue_select_one({ number: row.number })}
          checked={chosen.has(row.ticket_id)}
          onChange={(on) => onChoose(row.ticket_id, on)}
        />
      ),
    },
    {
      id: 'ticket',
      header: m.queue_ticket(),
      head: true,
      cell: (row) => (
        <span>
          <a
            id={linkId(row.ticket_id)}
            href={`/tickets/${row.ticket_id}`}
            aria-current={row.ticket_id === open ? 'true' : undefined}
            onClick={(event) => onOpen(event, row.ticket_id)}
          >
            {row.subject}
          </a>
          <span class="note figures">{row.number}</span>
          <Flags ticket={row} />
        </span>
      ),
    },
    { id: 'status', header: m.ticket_status(), cell: (row) => <Standing ticket={row} /> },
    { id: 'due', header: m.queue_deadline(), cell: (row) => <Due ticket={row} /> },
    {
      id: 'category',
      header: m.ticket_category(),
      cell: (row) => (
        <span>
          {problems.get(row.category)?.path ?? row.category}
          <span class="note">{TICKET_TYPES[row.type]()}</span>
        </span>
      ),
    },
    {
      id: 'person',
      header: m.queue_person(),
      cell: (row) => (
        <span>
          {nameOfPerson(row.reporter_id)}
          <span class="note">{communities.get(row.community_id)}</span>
        </span>
      ),
    },
    {
      id: 'assignee',
      header: m.queue_assignee(),
      cell: (row) =>
        row.assignee_id ? nameOfPerson(row.assignee_id) : <span class="muted">{m.queue_assignee_none()}</span>,
    },
  ];
  const arrows = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    if (!step || !(event.target instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    onArrow(step);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links in it are what is worked with; this only hears the arrows on them.
    <div class="desk-list" onKeyDown={arrows}>
      <Table
        caption={m.queue_title()}
        hideCaption
        columns={columns}
        rows={pages.items}
        rowKey={(row) => row.ticket_id}
        rowTestId="ticket-row"
        rowClass={(row) =>
          [row.ticket_id === open && 'row-open', chosen.has(row.ticket_id) && 'row-chosen'].filter(Boolean).join(' ') ||
          undefined
        }
      />
      <More pages={pages} />
    </div>
  );
}
