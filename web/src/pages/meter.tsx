import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages, useResource } from '../api/resource';
import type { Meter, StreamEntry } from '../api/types';
import { date, instant } from '../i18n/format';
import { findingText } from '../i18n/meter-findings';
import { counters, MEDIA, measured, READING_STATUS } from '../i18n/meter-words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { Facts, Status } from '../ui/facts';
import { later } from '../ui/later';
import { LoadedPage, Skeleton } from '../ui/loaded';
import { Failed } from '../ui/notice';
import { Page } from '../ui/page';
import { More } from '../ui/table';
import { meterName } from './parts/meter-name';
import { WindowText } from './parts/meter-window';
import '../styles/tickets.css';
import '../styles/meters.css';

const MeterStaffActions = later(() => import('./parts/meter-staff-actions'), 1);

const MeterPicture = later(() => import('./parts/meter-picture'), 1);

/** One meter, and everything that ever happened to it. */
export default function MeterPage() {
  const meter_id = useRoute().params.meter_id ?? '';
  const loaded = useResource(`meter ${meter_id}`, () =>
    unwrap(api.GET('/meters/{meter_id}', { params: { path: { meter_id } } })),
  );
  return (
    <LoadedPage of={loaded} title={m.meter_nav()}>
      {(meter) => <Loaded meter={meter} />}
    </LoadedPage>
  );
}

function Loaded({ meter }: { meter: Meter }) {
  const { unit_id, community_id, last, estimate, device } = meter;
  const where = unit_id ? `unit=${unit_id}` : `community=${community_id}`;
  return (
    <Page
      title={meterName(meter)}
      above={<a href={`/meters?${where}`}>{m.meter_nav()}</a>}
      actions={
        meter.may_read &&
        !meter.removed_on &&
        !isStaff() && (
          <a class="button button-main" href={`/meters?${where}`}>
            {m.meter_enter()}
          </a>
        )
      }
    >
      <WindowText meter={meter} />
      {isStaff() && <MeterStaffActions meter={meter} />}
      {!unit_id && !isStaff() && (
        <p class="no-print">
          <a class="button" href={`/meters/${meter.meter_id}/balance`}>
            {m.reading_balance_title()}
          </a>
        </p>
      )}
      <Facts
        items={[
          { label: m.meter_meter(), value: meter.number },
          { label: m.meter_medium(), value: MEDIA[meter.medium]() },
          meter.place !== '' && { label: m.meter_place(), value: meter.place },
          last && { label: m.meter_reading(), value: `${counters(last.values)}, ${date(last.date)}` },
          estimate && {
            label: m.meter_kind_estimated(),
            value: `${counters(estimate.values)}, ${date(estimate.date)}`,
          },
          { label: m.meter_installed(), value: date(meter.installed_on) },
          meter.verified_until !== null && { label: m.meter_verified(), value: date(meter.verified_until) },
          meter.seal !== '' && { label: m.meter_seal(), value: meter.seal },
        ]}
      />
      {meter.removed_on && <p>{m.meter_gone({ date: date(meter.removed_on) })}</p>}
      <History meter_id={meter.meter_id} unit={meter.unit} registers={device.registers} />
    </Page>
  );
}

interface HistoryProps {
  meter_id: string;
  unit: string;
  registers: number;
}

function History({ meter_id, unit, registers }: HistoryProps) {
  const pages = usePages(`readings ${meter_id}`, (cursor) =>
    unwrap(
      api.GET('/meters/{meter_id}/readings', {
        params: { path: { meter_id }, query: cursor ? { cursor } : {} },
      }),
    ),
  );
  return (
    <section class="section" aria-labelledby="history">
      <h2 id="history">{m.meter_history()}</h2>
      {pages.first.state === 'loading' && <Skeleton lines={6} />}
      {pages.first.state === 'failed' && <Failed problem={pages.first.problem} retry={pages.reload} />}
      {pages.first.state === 'ready' && pages.items.length === 0 && <p class="empty">{m.meter_history_none()}</p>}
      {pages.items.length > 0 && (
        <>
          <p class="muted">{m.meter_history_lead()}</p>
          <ol class="timeline">
            {pages.items.map((entry) => (
              <Entry key={entry.entry_id} entry={entry} unit={unit} registers={registers} />
            ))}
          </ol>
          <More pages={pages} />
        </>
      )}
    </section>
  );
}

const KINDS: Record<StreamEntry['kind'], () => string> = {
  installed: m.meter_kind_installed,
  read: m.meter_reading,
  rolled_over: m.meter_kind_rolled,
  estimated: m.meter_kind_estimated,
  replaced: m.meter_kind_replaced,
  verified: m.meter_kind_verified,
  sealed: m.meter_kind_sealed,
  removed: m.meter_kind_removed,
};

const STANDING = { accepted: 'good', held: 'part', rejected: 'bad', superseded: 'off', submitted: 'plain' } as const;

/** Who or what brought it; nothing is said of what the system itself did. */
function source({ channel, actor, kind }: StreamEntry): string {
  if (kind === 'estimated') return '';
  if (channel === 'remote') return m.meter_by_remote();
  if (channel === 'file' || channel === 'api') return m.meter_by_file();
  if (actor.mine) return m.meter_by_you();
  return actor.role === 'household' ? m.meter_by_household() : actor.role === 'staff' ? m.meter_by_staff() : '';
}

function Entry({ entry, unit, registers }: { entry: StreamEntry; unit: string; registers: number }) {
  const { kind, status, values, closing, uses, findings, photo, decision } = entry;
  const zone = currentMe().organisation.time_zone;
  const told = status === 'rejected' || status === 'superseded' ? 'gone' : '';
  const by = source(entry);
  return (
    <li class="entry entry-line" data-testid="reading-entry" data-kind={kind} data-status={status}>
      <p class="entry-head">
        <strong>{KINDS[kind]()}</strong>
        <span>{date(entry.date)}</span>
        {by && <span>{by}</span>}
      </p>
      {closing.length > 0 && <p>{m.meter_closing({ value: counters(closing) })}</p>}
      {values.length > 0 && <p class={`meter-shown ${told}`}>{counters(values)}</p>}
      {uses && status !== 'rejected' && (
        <p class="muted">{m.meter_used({ use: uses.map((use) => measured(use, unit)).join(' · ') })}</p>
      )}
      {entry.number && kind !== 'read' && <p class="muted">{m.meter_number({ number: entry.number })}</p>}
      {kind !== 'read' && entry.verified_until && (
        <p class="muted">
          {m.meter_verified()}: {date(entry.verified_until)}
        </p>
      )}
      {kind === 'sealed' && (
        <p class="muted">
          {m.meter_seal()}: {entry.seal}
        </p>
      )}
      {status !== 'accepted' && status !== 'submitted' && (
        <p>
          <Status kind={STANDING[status]}>{READING_STATUS[status]()}</Status>
        </p>
      )}
      {findings.length > 0 && (
        <ul class="reasons small">
          {findings.map((finding, index) => (
            <li key={index}>{findingText(finding, unit, registers)}</li>
          ))}
        </ul>
      )}
      {photo && <MeterPicture photo={photo} />}
      {decision && (
        <p>
          {decision.decision === 'accept'
            ? m.meter_decided_accept({ time: instant(decision.at, zone) })
            : m.meter_decided_reject({ time: instant(decision.at, zone) })}
          {decision.reason && `: ${decision.reason}`}
        </p>
      )}
    </li>
  );
}
