import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { Meter, MeterBalance } from '../api/types';
import { month as monthName, today } from '../i18n/format';
import { measured } from '../i18n/meter-words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { Facts, PrintButton } from '../ui/facts';
import { LoadedPart } from '../ui/loaded';
import { DateText } from '../ui/money';
import { Notice } from '../ui/notice';
import { type Column, Table } from '../ui/table';
import { monthBack } from './parts/held-line';
import { MeterStaffPage } from './parts/meter-staff-page';
import { Select } from './parts/select';
import '../styles/readings.css';

/** So many month ends are kept with a meter: uses of a month are known for one less. */
const MONTH_ENDS = 27;
const MONTH = /^\d{4}-\d{2}$/;

/** A house meter against the sum of what hangs behind it, month by month. */
export default function MeterStaffBalance() {
  const meter_id = useRoute().params.meter_id ?? '';
  return (
    <MeterStaffPage
      meter_id={meter_id}
      title={m.reading_balance_title()}
      wide
      forAll
      actions={<PrintButton>{m.print_action()}</PrintButton>}
    >
      {(meter) => <Months meter={meter} />}
    </MeterStaffPage>
  );
}

/** The first and the last day of a month ("2026-10"). */
export function monthDays(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
}

/** The month of a day that so many months are gone by. */
const monthOf = (day: string, back = 0): string => monthBack(day, back).slice(0, 7);

/** The months that can be told, the latest first, and the last one over whose whole length the meter was read. */
export function monthsOf(
  { last, installed_on }: Pick<Meter, 'last' | 'installed_on'>,
  now: string,
): [string[], string] {
  const ended = monthOf(now, 1);
  // A reading stands for the end of its day: that of a month's last day ends the month.
  const whole =
    last && last.date === monthDays(monthOf(last.date)).to ? monthOf(last.date) : monthOf(last?.date ?? now, 1);
  const open = [whole, ended].sort()[0] ?? ended;
  const months: string[] = [];
  for (let back = 1; ; back += 1) {
    const month = monthOf(now, back);
    if (months.length > 0 && (month < monthOf(installed_on) || month <= monthOf(`${whole}-01`, MONTH_ENDS - 1))) break;
    months.push(month);
  }
  return [months, months.includes(open) ? open : ended];
}

function Months({ meter }: { meter: Meter }) {
  const { meter_id } = meter;
  const { query, route } = useLocation();
  const [now] = useState(() => today(currentMe().organisation.time_zone));
  const [months, open] = monthsOf(meter, now);
  const asked = query.month ?? '';
  const month = MONTH.test(asked) ? asked : open;
  const days = monthDays(month);
  const balance = useResource(`balance ${meter_id} ${month}`, () =>
    unwrap(api.GET('/meters/{meter_id}/balance', { params: { path: { meter_id }, query: days } })),
  );
  return (
    <>
      <div class="month-picker no-print">
        <Select
          label={m.reading_month()}
          value={month}
          options={(months.includes(month) ? months : [month, ...months]).map((value) => ({
            value,
            label: monthName(value),
          }))}
          onChange={(chosen) => route(`/meters/${meter_id}/balance?month=${chosen}`, true)}
        />
      </div>
      <h2>{monthName(month)}</h2>
      <LoadedPart of={balance} lines={6}>
        {(found) => <Balance balance={found} />}
      </LoadedPart>
    </>
  );
}

function Balance({ balance }: { balance: MeterBalance }) {
  const { house, units, expected, difference, tolerance, is_outside, unknown, parts, unit } = balance;
  // A sum of nothing that is known is no nought.
  const known = parts.length > unknown;
  const sumOf = (use: string) => (known ? measured(use, unit) : m.reading_use_unknown());
  const missing = parts.filter((part) => part.use === null);
  const nameOf = (part: MeterBalance['parts'][number]) =>
    part.unit_label ? m.held_unit({ unit: part.unit_label }) : m.reading_meter_number({ number: part.number });
  const columns: Column<MeterBalance['parts'][number]>[] = [
    { id: 'unit', header: m.reading_unit(), head: true, cell: (part) => nameOf(part) },
    {
      id: 'number',
      header: m.reading_number(),
      cell: (part) => (isStaff() ? <a href={`/meters/${part.meter_id}`}>{part.number}</a> : part.number),
    },
    {
      id: 'use',
      header: m.held_use(),
      numeric: true,
      cell: (part) =>
        part.use === null ? m.reading_use_unknown() : <span class="figures">{measured(part.use, unit)}</span>,
      total: <span class="figures">{sumOf(units)}</span>,
    },
  ];
  return (
    <>
      <div data-testid="balance" data-outside={is_outside}>
        {house === null && <Notice kind="warning" title={m.reading_balance_no_house()} />}
        {house !== null && is_outside && (
          <Notice kind="warning" title={m.reading_balance_outside()}>
            <p>{m.reading_balance_outside_text()}</p>
          </Notice>
        )}
        {house !== null && !is_outside && unknown === 0 && <Notice kind="good" title={m.reading_balance_inside()} />}
      </div>
      {unknown > 0 && (
        <Notice title={m.reading_balance_missing({ count: unknown })} testId="balance-missing">
          <p>{missing.map(nameOf).join('; ')}</p>
        </Notice>
      )}
      <Facts
        items={[
          {
            label: m.reading_period(),
            value: (
              <>
                <DateText on={balance.first} /> – <DateText on={balance.last} />
              </>
            ),
          },
          { label: m.reading_balance_house(), value: house === null ? m.reading_use_unknown() : measured(house, unit) },
          { label: m.reading_balance_sum(), value: sumOf(units) },
          known && expected !== units && { label: m.reading_balance_expected(), value: measured(expected, unit) },
          difference !== null && {
            label: m.reading_balance_difference(),
            value: <strong>{measured(difference, unit)}</strong>,
          },
          tolerance !== null && {
            label: m.reading_balance_tolerance(),
            value: m.reading_balance_plus_minus({ value: measured(tolerance, unit) }),
          },
        ]}
      />
      {parts.length === 0 ? (
        <p class="empty">{m.reading_balance_no_parts()}</p>
      ) : (
        <Table
          caption={m.reading_balance_parts()}
          columns={columns}
          rows={parts}
          rowKey={(part) => part.meter_id}
          rowTestId="balance-part"
        />
      )}
    </>
  );
}
