import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { useFollowed } from '../../api/following';
import { Problem } from '../../api/problem';
import type { Ticket } from '../../api/types';
import { problemText } from '../../i18n/codes';
import { m } from '../../paraglide/messages.js';
import { later } from '../../ui/later';
import { LoadedPage, LoadedPart, Skeleton } from '../../ui/loaded';
import { NotFound } from '../../ui/not-found';
import { Failed, Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { type DeskData, useDesk, useNames } from './desk-data';
import type { ChangeTicket } from './ticket-change';
import { Due, Flags, Standing } from './ticket-marks';
import '../../styles/tickets.css';
import '../../styles/desk.css';

const TicketSteps = later(() => import('./ticket-steps'), 3);
const TicketTalk = later(() => import('./ticket-talk'), 8);
const TicketWrite = later(() => import('./ticket-write'), 5);
const TicketContext = later(() => import('./ticket-context'), 8);
const TicketFields = later(() => import('./ticket-fields'), 8);
const TicketMerge = later(() => import('./ticket-merge'), 1);

export interface TicketDeskProps {
  ticket_id: string;
  /** Shown beside the queue instead of as a page of its own. */
  beside?: boolean;
  onChanged?: () => void;
}

/** One ticket as staff work on it, followed live. */
export default function TicketDesk(props: TicketDeskProps) {
  const desk = useDesk();
  if (props.beside) return <LoadedPart of={desk}>{(data) => <Followed {...props} data={data} />}</LoadedPart>;
  return (
    <LoadedPage of={desk} title={m.ticket_title_plain()}>
      {(data) => <Followed {...props} data={data} />}
    </LoadedPage>
  );
}

function Followed({ ticket_id, beside, onChanged, data }: TicketDeskProps & { data: DeskData }) {
  const {
    data: ticket,
    problem,
    look,
  } = useFollowed<Ticket>(`ticket ${ticket_id}`, (headers) =>
    api.GET('/tickets/{ticket_id}', { params: { path: { ticket_id } }, headers }),
  );
  const [refused, setRefused] = useState<Problem | null>(null);
  useNames(
    ticket
      ? [
          ticket.reporter_id,
          ticket.assignee_id,
          ticket.supplier_id,
          ...ticket.timeline.flatMap(({ author, kind, previous, now }) => [
            author.person_id,
            ...(kind === 'assigned' || kind === 'supplier_assigned' ? [previous, now] : []),
          ]),
        ]
      : [],
    data.colleagues,
  );
  if (!ticket) {
    if (problem?.code === 'not_found') return beside ? <Failed problem={problem} /> : <NotFound />;
    const waiting = problem ? <Failed problem={problem} retry={look} /> : <Skeleton lines={8} />;
    return beside ? waiting : <Page title={m.ticket_title_plain()}>{waiting}</Page>;
  }
  const changed = () => {
    look();
    onChanged?.();
  };
  const change: ChangeTicket = async (body) => {
    setRefused(null);
    try {
      await unwrap(
        api.PATCH('/tickets/{ticket_id}', {
          params: { path: { ticket_id } },
          body: { ...body, version: ticket.version },
        }),
      );
    } catch (error) {
      const failure = Problem.of(error);
      // Somebody was quicker: what he did is shown, and nothing of it is overwritten.
      if (failure.status === 409) {
        setRefused(failure);
        changed();
      }
      throw failure;
    }
    changed();
  };
  return (
    <Frame ticket={ticket} beside={beside}>
      {problem && <Notice kind="warning" title={m.ticket_stale()} />}
      {refused && (
        <Notice key={refused.correlationId} kind="warning" title={m.queue_quicker()} focus testId="quicker">
          {refused.code !== 'conflict' && <p>{problemText(refused)}</p>}
        </Notice>
      )}
      <div class="desk-ticket">
        <div class="desk-talk">
          <TicketSteps ticket={ticket} data={data} change={change} />
          <TicketTalk ticket={ticket} data={data} />
          <TicketWrite ticket={ticket} data={data} onWritten={changed} />
        </div>
        <div class="desk-facts">
          <TicketContext ticket={ticket} />
          <TicketFields ticket={ticket} data={data} change={change} />
          <TicketMerge ticket={ticket} onMerged={changed} />
        </div>
      </div>
    </Frame>
  );
}

interface FrameProps {
  ticket: Ticket;
  beside: boolean | undefined;
  children: ComponentChildren;
}

/** The same head as a page of its own and beside the queue; only the level of the heading differs. */
function Frame({ ticket, beside, children }: FrameProps) {
  const line = (
    <span class="desk-line" data-testid="standing" data-status={ticket.status}>
      <Standing ticket={ticket} />
      <Due ticket={ticket} />
      <Flags ticket={ticket} />
    </span>
  );
  if (!beside) {
    return (
      <Page
        wide
        title={ticket.subject}
        above={
          <>
            <a href="/queue">{m.queue_title()}</a> · <span class="figures">{ticket.number}</span>
          </>
        }
        lead={line}
      >
        {children}
      </Page>
    );
  }
  return (
    <section class="desk-single" aria-labelledby={`ticket-${ticket.ticket_id}`}>
      <p class="above figures">{ticket.number}</p>
      <h2 id={`ticket-${ticket.ticket_id}`} class="desk-subject">
        {ticket.subject}
      </h2>
      {line}
      {children}
    </section>
  );
}
