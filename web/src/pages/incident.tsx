import { useRef, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { usePages, useResource } from '../api/resource';
import type { Incident } from '../api/types';
import '../i18n/desk-codes';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Dialog } from '../ui/dialog';
import { Facts, Status } from '../ui/facts';
import { type Attempt, attemptKey } from '../ui/form';
import { LoadedPage, Skeleton } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { More } from '../ui/table';
import { useCommunities } from './parts/desk-data';
import { INCIDENT_KINDS } from './parts/incident-words';
import { Area } from './parts/select';
import { At, Standing } from './parts/ticket-marks';
import '../styles/desk.css';

export default function IncidentPage() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const incident_id = useRoute().params.incident_id ?? '';
  const loaded = useResource(`incident ${incident_id}`, () =>
    unwrap(api.GET('/incidents/{incident_id}', { params: { path: { incident_id } } })),
  );
  return (
    <LoadedPage of={loaded} title={m.incident_title_plain()}>
      {(incident) => <Shown first={incident} />}
    </LoadedPage>
  );
}

function Shown({ first }: { first: Incident }) {
  const [incident, setIncident] = useState(first);
  const [said, setSaid] = useState<'' | 'update' | 'resolved'>('');
  const communities = useCommunities();
  const open = incident.state === 'open';
  return (
    <Page
      title={incident.title}
      above={<a href="/incidents">{m.incident_list()}</a>}
      lead={
        <Status kind={open ? 'bad' : 'good'}>
          {INCIDENT_KINDS[incident.kind]()}: {open ? m.incident_open() : m.incident_resolved()}
        </Status>
      }
    >
      {said && (
        <Notice
          key={`${said} ${incident.updates.length}`}
          kind="good"
          focus
          testId="incident-said"
          title={
            said === 'resolved'
              ? m.incident_resolved_done({ count: incident.tickets })
              : m.incident_update_done({ count: incident.tickets })
          }
        />
      )}
      <Facts
        items={[
          {
            label: m.incident_where(),
            value: incident.community_ids.map((id) => communities.get(id) ?? '').join(', '),
          },
          { label: m.incident_starts(), value: <At iso={incident.starts_at} /> },
          {
            label: m.incident_ends(),
            value: incident.ends_at ? <At iso={incident.ends_at} /> : m.incident_ends_unknown(),
          },
          { label: m.incident_tickets(), value: <span data-testid="incident-tickets">{incident.tickets}</span> },
          !!incident.text && { label: m.incident_text(), value: <span class="entry-text">{incident.text}</span> },
        ]}
      />
      <section class="section" aria-labelledby="updates">
        <h2 id="updates">{m.incident_updates()}</h2>
        {incident.updates.length === 0 && <p class="muted">{m.incident_updates_none()}</p>}
        <ol class="plain-rows">
          {incident.updates.map((update) => (
            <li key={update.update_id} data-testid="incident-update">
              <span class="entry-text">{update.text}</span>
              <span class="muted">
                <At iso={update.at} />
              </span>
            </li>
          ))}
        </ol>
      </section>
      {open && (
        <Say
          incident={incident}
          done={(next) => {
            setSaid(next.state === 'resolved' ? 'resolved' : 'update');
            setIncident(next);
          }}
        />
      )}
      <Reports key={incident.state} incident_id={incident.incident_id} />
    </Page>
  );
}

interface SayProps {
  incident: Incident;
  done: (incident: Incident) => void;
}

/** A word to everybody who reported it; or the last one, after which their tickets are done. */
function Say({ incident, done }: SayProps) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attempt = useRef<Attempt | null>(null);
  const { incident_id, tickets } = incident;
  const send = (resolved: boolean) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const body = { text: text.trim(), resolved };
    attempt.current = attemptKey(attempt.current, JSON.stringify(body));
    unwrap(
      api.POST('/incidents/{incident_id}/updates', {
        params: { path: { incident_id } },
        headers: { 'Idempotency-Key': attempt.current.key },
        body,
      }),
    ).then(
      (next) => {
        setBusy(false);
        setText('');
        setAsked(false);
        done(next);
      },
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  const wanted = (act: () => void) => {
    setMissing(!text.trim());
    if (text.trim()) act();
  };
  return (
    <section class="section" aria-labelledby="say">
      <h2 id="say">{m.incident_say()}</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          wanted(() => send(false));
        }}
      >
        {problem && !asked && <Failed problem={problem} />}
        {missing && <Notice kind="bad" title={m.incident_say_wanted()} />}
        <Area label={m.incident_say_text()} hint={m.incident_say_hint()} value={text} onInput={setText} />
        <div class="form-actions">
          <button type="submit" class="button" aria-disabled={busy} data-busy={busy || undefined}>
            {m.incident_say_action()}
          </button>
          <button type="button" class="button button-main" onClick={() => wanted(() => setAsked(true))}>
            {m.incident_resolve()}
          </button>
        </div>
      </form>
      {asked && (
        <Dialog title={m.incident_resolve_title()} onClose={() => setAsked(false)}>
          {problem && <Failed problem={problem} />}
          <p data-testid="resolve-count">{m.incident_resolve_count({ count: tickets })}</p>
          <p class="entry-text">{text}</p>
          <div class="form-actions">
            <button
              type="button"
              class="button button-main"
              aria-disabled={busy}
              data-busy={busy || undefined}
              onClick={() => send(true)}
            >
              {m.incident_resolve()}
            </button>
            <button type="button" class="button" onClick={() => setAsked(false)}>
              {m.cancel_action()}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function Reports({ incident_id }: { incident_id: string }) {
  const pages = usePages(`reports ${incident_id}`, (cursor) =>
    unwrap(api.GET('/tickets', { params: { query: { incident_id, status: 'all', ...(cursor && { cursor }) } } })),
  );
  return (
    <section class="section" aria-labelledby="reports">
      <h2 id="reports">{m.incident_reports()}</h2>
      {pages.first.state === 'loading' && <Skeleton lines={3} />}
      {pages.first.state === 'failed' && <Failed problem={pages.first.problem} retry={pages.reload} />}
      {pages.first.state === 'ready' && pages.items.length === 0 && <p class="muted">{m.incident_reports_none()}</p>}
      {pages.items.length > 0 && (
        <>
          <ul class="plain-rows">
            {pages.items.map((ticket) => (
              <li key={ticket.ticket_id} data-testid="incident-ticket">
                <span>
                  <a href={`/tickets/${ticket.ticket_id}`}>{ticket.subject}</a>{' '}
                  <span class="muted figures">{ticket.number}</span>
                </span>
                <Standing ticket={ticket} />
              </li>
            ))}
          </ul>
          <More pages={pages} />
        </>
      )}
    </section>
  );
}
