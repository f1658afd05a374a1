import { useEffect, useRef } from 'preact/hooks';
import type { HeldReading } from '../../api/types';
import { date } from '../../i18n/format';
import { findingText } from '../../i18n/meter-findings';
import { counters, measured } from '../../i18n/meter-words';
import { READING_CHANNELS } from '../../i18n/reading-channels';
import { mediumText } from '../../i18n/reading-media';
import { m } from '../../paraglide/messages.js';
import { Facts } from '../../ui/facts';
import { Icon } from '../../ui/icon';
import { later } from '../../ui/later';
import { DateText, InstantText } from '../../ui/money';
import { nameOfPerson } from './desk-data';
import { HeldDecision } from './held-decision';
import { whereOf } from './held-where';

const MeterPicture = later(() => import('./meter-picture'));
const HeldHistory = later(() => import('./held-history'), 6);

interface Props {
  reading: HeldReading;
  community: string;
  /** Takes the focus when it comes up: the reader has asked for it. */
  focus: boolean;
  onDecided: (reading: HeldReading, what: string) => void;
  onGone: () => void;
}

/** One reading that waits: what it says, why it waits, what the meter showed before, and the decision. */
export default function HeldOne({ reading, community, focus, onDecided, onGone }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, []);
  const { findings, last, uses, unit, photo, claim, values } = reading;
  const where = whereOf(reading, community);
  return (
    <article class="held-one" data-testid="held-reading" aria-labelledby={`held-${reading.reading_id}-title`}>
      <h2 id={`held-${reading.reading_id}-title`} ref={heading} tabIndex={-1}>
        {where}, {mediumText(reading.medium)}
      </h2>
      <p class="muted">
        {[unitCommunity(reading, community), reading.place].filter(Boolean).join(', ')}{' '}
        <a href={`/meters/${reading.meter_id}`}>{m.reading_meter_number({ number: reading.number })}</a>
      </p>
      <dl class="held-values">
        <div>
          <dt>{m.held_value({ date: date(reading.date) })}</dt>
          <dd class="held-now">{counters(values)}</dd>
        </div>
        {last && (
          <div>
            <dt>{m.held_before({ date: date(last.date) })}</dt>
            <dd>{counters(last.values)}</dd>
          </div>
        )}
      </dl>
      <ul class="held-findings" aria-label={m.held_why()}>
        {findings.map((finding, index) => (
          <li key={index} class={finding.severity === 'info' ? 'muted' : undefined} data-code={finding.code}>
            <Icon name={finding.severity === 'info' ? 'info' : 'alert'} />
            <span>{findingText(finding, unit, values.length)}</span>
          </li>
        ))}
        {findings.length === 0 && <li class="muted">{m.held_without_findings()}</li>}
      </ul>
      {claim && (
        <p>
          <strong>{claim === 'replaced' ? m.held_claim_replaced() : m.held_claim_rolled_over()}</strong>
        </p>
      )}
      <HeldDecision reading={reading} where={where} onDecided={onDecided} onGone={onGone} />
      <Facts
        items={[
          !!uses && { label: m.held_use(), value: uses.map((use) => measured(use, unit)).join(' · ') },
          expectedOf(reading),
          !!last && { label: m.held_since(), value: <DateText on={last.date} /> },
          { label: m.held_from(), value: `${whoOf(reading)}, ${READING_CHANNELS[reading.channel]()}` },
          { label: m.held_at(), value: <InstantText at={reading.recorded_at} /> },
        ]}
      />
      {photo && (
        <section class="section" aria-labelledby={`held-${reading.reading_id}-photo`}>
          <h3 id={`held-${reading.reading_id}-photo`}>{m.held_photo()}</h3>
          <MeterPicture photo={photo} />
        </section>
      )}
      <HeldHistory key={reading.reading_id} reading={reading} />
    </article>
  );
}

const unitCommunity = (reading: HeldReading, community: string): string => (reading.unit_label ? community : '');

function whoOf({ actor }: HeldReading): string {
  if (actor.role === 'system') return m.held_by_system();
  return nameOfPerson(actor.person_id) || (actor.role === 'staff' ? m.held_by_staff() : m.held_by_household());
}

/** The use that was expected for the same days, where the checks knew one. */
function expectedOf({ findings, unit }: HeldReading) {
  for (const { message_params: params } of findings) {
    const { expected_daily: daily, days, basis } = params;
    if (typeof daily !== 'string' || typeof days !== 'string') continue;
    const expected = Number((Number(daily) * Math.max(Number(days), 1)).toFixed(3));
    return {
      label: basis === 'season' ? m.held_expected_season() : m.held_expected_recent(),
      value: measured(expected, unit),
    };
  }
  return null;
}
