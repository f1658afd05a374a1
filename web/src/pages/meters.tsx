import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Problem } from '../api/problem';
import { useResource } from '../api/resource';
import type { MeterItem } from '../api/types';
import { problemText } from '../i18n/codes';
import { today } from '../i18n/format';
import { MEDIA, type Medium } from '../i18n/meter-words';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { later } from '../ui/later';
import { LoadedPage } from '../ui/loaded';
import { Notice } from '../ui/notice';
import { Page, pageHasErrors } from '../ui/page';
import { dayOf, fieldOf, MeterCard } from './parts/meter-card';
import { type Flat, FlatTabs, flatAddress, loadFlats, loadMeters } from './parts/meter-flats';
import { meterName } from './parts/meter-name';
import type { Arrived } from './parts/meter-receipt';
import { isRefused, Sheet } from './parts/meter-sheet';
import { WindowText } from './parts/meter-window';
import '../styles/tickets.css';
import '../styles/meters.css';

const MeterReceipt = later(() => import('./parts/meter-receipt'), 6);

/** All meters of one home on one page. */
export default function Meters() {
  const { query } = useLocation();
  const { person } = currentMe();
  const loaded = useResource(`meters ${person.person_id} ${query.unit ?? ''} ${query.community ?? ''}`, async () => {
    const { flats, flat } = await loadFlats(query);
    return { flats, flat, meters: flat ? await loadMeters(flat) : [] };
  });
  return (
    <LoadedPage of={loaded} title={m.meter_nav()}>
      {({ flats, flat, meters }) => (
        <Readings key={flat?.id} flats={flats} flat={flat} meters={meters} reload={loaded.reload} />
      )}
    </LoadedPage>
  );
}

/** Whether the browser has a connection. */
function useOffline(): boolean {
  const [offline, setOffline] = useState(!navigator.onLine);
  useEffect(() => {
    const look = () => setOffline(!navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  return offline;
}

interface Props {
  flats: Flat[];
  flat: Flat | undefined;
  meters: MeterItem[];
  reload: () => void;
}

function Readings({ flats, flat, meters, reload }: Props) {
  const me = currentMe();
  const offline = useOffline();
  const [sheets] = useState(() =>
    meters.map((meter) => new Sheet(meter, me.person.person_id, today(me.organisation.time_zone))),
  );
  const [arrived, setArrived] = useState<Arrived[]>([]);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ sheets: Sheet[]; problem: Problem | null; round: number } | null>(null);
  useEffect(
    () => () => {
      for (const sheet of sheets) sheet.leave();
    },
    [sheets],
  );

  const open = sheets.filter(({ meter }) => meter.may_read && !meter.removed_on);
  const filled = open.filter((sheet) => sheet.filled.value);
  const fail = (refused: Sheet[], problem: Problem | null) =>
    setFailed((old) => ({ sheets: refused, problem, round: (old?.round ?? 0) + 1 }));

  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (filled.length === 0) return fail([], null);
    setBusy(true);
    const refused: Sheet[] = [];
    let lost: Problem | null = null;
    for (const sheet of filled) {
      try {
        const receipt = await sheet.send();
        setArrived((old) => [...old.filter((one) => one.meter !== sheet.meter), { meter: sheet.meter, receipt }]);
      } catch (error) {
        refused.push(sheet);
        if (Problem.of(error).code === 'network_error') lost = Problem.of(error);
      }
    }
    setBusy(false);
    if (refused.length > 0) fail(refused, lost);
    else setFailed(null);
  };

  if (arrived.length > 0 && filled.length === 0 && !busy)
    return <MeterReceipt arrived={arrived} use={flatAddress('/meters/use', flat)} onBack={reload} />;

  const media = (Object.keys(MEDIA) as Medium[]).filter((medium) => meters.some((meter) => meter.medium === medium));
  return (
    <Page
      title={m.meter_nav()}
      lead={open.length > 0 && m.meter_lead()}
      actions={
        meters.length > 0 && (
          <a class="button" href={flatAddress('/meters/use', flat)}>
            {m.meter_consumption()}
          </a>
        )
      }
    >
      <FlatTabs flats={flats} flat={flat} path="/meters" />
      {offline && <Notice kind="warning" title={m.meter_offline()} testId="offline" />}
      {meters.length === 0 && <p class="empty">{m.meter_none()}</p>}
      {arrived.length > 0 && (
        <Notice kind="good" title={m.meter_partly({ count: arrived.length })} testId="partly-sent" />
      )}
      {failed && <Summary {...failed} />}
      <form class="meters" noValidate onSubmit={send}>
        {media.map((medium) => (
          <section key={medium} class="section" aria-labelledby={`medium-${medium}`}>
            <h2 id={`medium-${medium}`}>{MEDIA[medium]()}</h2>
            <WindowText meter={meters.find((meter) => meter.medium === medium && !meter.removed_on)} />
            <ul class="meter-list">
              {sheets
                .filter(({ meter }) => meter.medium === medium)
                .map((sheet) => (
                  <MeterCard key={sheet.meter.meter_id} sheet={sheet} offline={offline} />
                ))}
            </ul>
          </section>
        ))}
        {open.length > 0 && (
          <div class="form-actions send-bar">
            <button
              type="submit"
              class={filled.length > 0 && filled.every(isStuck) ? 'button' : 'button button-main'}
              aria-disabled={busy}
              data-busy={busy || undefined}
              data-testid="send-readings"
            >
              {filled.length > 0 ? m.meter_send({ count: filled.length }) : m.meter_send_first()}
              {busy && <span class="hidden"> {m.working()}</span>}
            </button>
          </div>
        )}
      </form>
    </Page>
  );
}

/** Whether sending it would only be refused once more. */
const isStuck = ({ now, date: { value: day } }: Sheet): boolean => !day || (now.value !== null && isRefused(now.value));

interface SummaryProps {
  sheets: Sheet[];
  problem: Problem | null;
  round: number;
}

/** Why something was not sent, with the way to each field; takes focus. */
function Summary({ sheets, problem, round }: SummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    pageHasErrors.value = true;
    box.current?.focus();
    return () => {
      pageHasErrors.value = false;
    };
  }, [round]);
  const title = problem ? m.meter_offline() : sheets.length > 0 ? m.error_summary_title() : m.meter_nothing();
  return (
    <div ref={box} class="notice notice-bad error-summary" role="alert" tabIndex={-1} data-testid="error-summary">
      <div>
        <h2 class="notice-title">{title}</h2>
        {!problem && sheets.length > 0 && (
          <ul>
            {sheets.map(({ meter, problem: why, date: { value: day } }) => {
              const field = day ? fieldOf(meter) : dayOf(meter);
              return (
                <li key={meter.meter_id}>
                  <a
                    href={`#${field}`}
                    onClick={(event) => {
                      event.preventDefault();
                      document.getElementById(field)?.focus();
                    }}
                  >
                    {meterName(meter)}
                    {day ? why.value && `: ${problemText(why.value)}` : `: ${m.meter_date_missing()}`}
                  </a>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </div>
  );
}
