import { useEffect, useRef } from 'preact/hooks';
import type { MeterItem, ReadingReceipt } from '../../api/types';
import { date, instant } from '../../i18n/format';
import { counters, measured, READING_STATUS } from '../../i18n/meter-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Facts, PrintButton, Status } from '../../ui/facts';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { meterName } from './meter-name';

/** A reading that has arrived, with the meter that it is of. */
export interface Arrived {
  meter: MeterItem;
  receipt: ReadingReceipt;
}

interface Props {
  arrived: readonly Arrived[];
  use: string;
  onBack: () => void;
}

/** What was sent, to keep or to print. */
export default function MeterReceipt({ arrived, use, onBack }: Props) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.querySelector('h1')?.focus(), []);
  return (
    <div ref={top}>
      <Page
        title={m.meter_sent()}
        testId="readings-sent"
        actions={
          <PrintButton>
            <Icon name="print" />
            {m.print_action()}
          </PrintButton>
        }
      >
        <ul class="receipts">
          {arrived.map(({ meter, receipt }) => (
            <Receipt key={meter.meter_id} meter={meter} receipt={receipt} />
          ))}
        </ul>
        <p class="form-actions">
          <a class="button button-main" href={use}>
            {m.meter_consumption()}
          </a>
          <button type="button" class="button" onClick={onBack}>
            {m.meter_back()}
          </button>
        </p>
      </Page>
    </div>
  );
}

const KINDS = { accepted: 'good', held: 'part', rejected: 'bad', superseded: 'off', submitted: 'plain' } as const;

function Receipt({ meter, receipt }: Arrived) {
  const { values, status, consumption: used, recorded_at: at, reading_id, findings } = receipt;
  const repeated = findings.some(({ code, severity }) => code === 'DUPLICATE' && severity === 'info');
  return (
    <li class="receipt" data-testid="reading-receipt" data-status={status}>
      <h2>{meterName(meter)}</h2>
      <p>
        <Status kind={KINDS[status]}>{status === 'submitted' ? '' : READING_STATUS[status]()}</Status>
      </p>
      {status === 'held' && <Notice title={m.meter_sent_held()} testId="held" />}
      {repeated && <p>{m.meter_sent_before()}</p>}
      <Facts
        items={[
          { label: m.meter_reading(), value: <strong class="figures">{counters(values)}</strong> },
          { label: m.meter_date(), value: date(receipt.date) },
          used && {
            label: m.meter_use(),
            value: used.uses
              .map((use) => m.meter_use_now({ use: measured(use, used.unit), count: used.days }))
              .join(' · '),
          },
          { label: m.meter_received(), value: instant(at, currentMe().organisation.time_zone) },
          { label: m.meter_meter(), value: receipt.number },
          { label: m.meter_reading_number(), value: reading_id },
        ]}
      />
    </li>
  );
}
