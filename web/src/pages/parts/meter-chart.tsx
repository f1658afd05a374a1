import { useId } from 'preact/hooks';
import { number, tag } from '../../i18n/format';
import { measured, unitName } from '../../i18n/meter-words';
import { dayAlone, monthName } from '../../i18n/months';
import { m } from '../../paraglide/messages.js';
import { type Column, Table } from '../../ui/table';
import { decimalsOf, inUnits, isWhole, type Month, type Side, scaleEnd, wholeUnits, yearSum } from './meter-months';

interface Props {
  /** What is counted, as its heading says. */
  name: string;
  unit: string;
  months: readonly Month[];
}

/** Use by month against the year before: the year's sum, the bars, and the table that says the same. */
export function UseChart({ name, unit, months: exact }: Props) {
  const months = wholeUnits(exact, unit);
  if (months.every(({ now, before }) => !now && !before)) return <p class="empty">{m.meter_use_none()}</p>;
  return (
    <>
      <YearLine months={months} unit={unit} />
      <Bars months={months} />
      <UseTable name={name} unit={unit} months={months} />
    </>
  );
}

function YearLine({ months, unit }: Omit<Props, 'name'>) {
  const year = yearSum(months);
  if (!year) return null;
  const { count, use, before } = year;
  return (
    <p class="use-sum" data-testid="year">
      {m.meter_use_year({ count, use: measured(inUnits(use), unit) })}
      {before !== null && before > 0 && `, ${changeText((use - before) / before)}`}
    </p>
  );
}

function changeText(change: number): string {
  const percent = new Intl.NumberFormat(tag(), { style: 'percent', maximumFractionDigits: 0 }).format(Math.abs(change));
  if (Math.abs(change) < 0.005) return m.meter_use_same();
  return change > 0 ? m.meter_use_up({ percent }) : m.meter_use_down({ percent });
}

const at = (share: number): string => `${Math.round(share * 10_000) / 100}%`;

/** Bars of the year before (outlined) and of now (filled; hatched where estimated). The table beside them is what is read aloud. */
function Bars({ months }: { months: readonly Month[] }) {
  const hatch = useId();
  const end = scaleEnd(months);
  const slot = 1 / months.length;
  const height = (thousandths: number) => Math.max(0, inUnits(thousandths) / end);
  return (
    <div class="use" aria-hidden="true" data-testid="chart">
      <div class="use-scale">
        {[end, end / 2, 0].map((value) => (
          <span key={value}>{number(value)}</span>
        ))}
      </div>
      <svg class="use-bars" aria-hidden="true" focusable="false">
        <Hatch id={hatch} />
        {[0, 0.5, 1].map((y) => (
          <line key={y} class="use-line" x1="0" x2="100%" y1={at(y)} y2={at(y)} />
        ))}
        {months.map(({ first, now, before }, index) => {
          const measuredHeight = now ? height(now.use - now.estimated) : 0;
          const estimated = now ? height(now.estimated) : 0;
          return (
            <g key={first}>
              {before && (
                <rect
                  class="use-before"
                  x={at((index + 0.1) * slot)}
                  width={at(0.36 * slot)}
                  y={at(1 - height(before.use))}
                  height={at(height(before.use))}
                />
              )}
              {now && (
                <rect
                  class="use-actual"
                  x={at((index + 0.52) * slot)}
                  width={at(0.38 * slot)}
                  y={at(1 - measuredHeight)}
                  height={at(measuredHeight)}
                />
              )}
              {estimated > 0 && (
                <rect
                  class="use-estimated"
                  fill={`url(#${hatch})`}
                  x={at((index + 0.52) * slot)}
                  width={at(0.38 * slot)}
                  y={at(1 - measuredHeight - estimated)}
                  height={at(estimated)}
                />
              )}
            </g>
          );
        })}
      </svg>
      <div class="use-months">
        {months.map(({ first }) => (
          <span key={first}>{Number(first.slice(5, 7))}</span>
        ))}
      </div>
      <Key estimated={months.some(({ now }) => now && now.estimated > 0)} />
    </div>
  );
}

const Hatch = ({ id }: { id: string }) => (
  <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <line class="use-hatch" x1="0" x2="0" y1="0" y2="6" />
  </pattern>
);

function Key({ estimated }: { estimated: boolean }) {
  const hatch = useId();
  return (
    <ul class="use-key">
      <li>
        <svg aria-hidden="true" focusable="false">
          <rect class="use-actual" width="100%" height="100%" />
        </svg>
        {m.meter_use_measured()}
      </li>
      {estimated && (
        <li>
          <svg aria-hidden="true" focusable="false">
            <Hatch id={hatch} />
            <rect class="use-estimated" fill={`url(#${hatch})`} width="100%" height="100%" />
          </svg>
          {m.meter_use_estimated()}
        </li>
      )}
      <li>
        <svg aria-hidden="true" focusable="false">
          <rect class="use-before" x="1" y="1" width="90%" height="90%" />
        </svg>
        {m.meter_use_before()}
      </li>
    </ul>
  );
}

/** Numbers with as many decimals as the one that has the most: columns are read by the places of their digits. */
function evenly(uses: readonly number[]): (use: number) => string {
  const digits = decimalsOf(uses);
  const format = new Intl.NumberFormat(tag(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (use) => format.format(inUnits(use));
}

function UseTable({ name, unit, months }: Props) {
  const sides = months.flatMap(({ now, before }) => [now, before]);
  const shown = evenly(sides.flatMap((side) => side?.use ?? []));
  // The same months on both sides: a sum of ten beside one of twelve would be taken for a saving.
  const year = yearSum(months);
  const columns: Column<Month>[] = [
    {
      id: 'month',
      header: m.meter_month(),
      head: true,
      cell: ({ first, last, running }) => (
        <span>
          {monthName(first)}
          {running && <span class="note">{m.meter_use_until({ date: dayAlone(last) })}</span>}
        </span>
      ),
      total: year ? `${m.total()}: ${m.meter_use_sum({ count: year.count })}` : undefined,
    },
    {
      id: 'now',
      header: m.meter_use(),
      numeric: true,
      cell: ({ now, of }) => <Cell side={now} of={of} unit={unit} shown={shown} />,
      total: year ? shown(year.use) : undefined,
    },
    {
      id: 'before',
      header: m.meter_use_before(),
      numeric: true,
      cell: ({ before, of }) => <Cell side={before} of={of} unit={unit} shown={shown} />,
      total: year && year.before !== null ? shown(year.before) : undefined,
    },
  ];
  return (
    <div class="use-table">
      <Table
        caption={m.meter_use_caption({ medium: name, unit: unitName(unit) })}
        columns={columns}
        rows={months}
        rowKey={({ first }) => first}
        rowTestId="month"
      />
    </div>
  );
}

interface CellProps {
  side: Side | null;
  of: number;
  unit: string;
  shown: (use: number) => string;
}

function Cell({ side, of, unit, shown }: CellProps) {
  if (!side) return <span class="muted">{m.meter_use_gap()}</span>;
  return (
    <span>
      <span class="figures">{shown(side.use)}</span>
      {side.estimated > 0 && (
        <span class="note">{m.meter_use_of_it({ use: measured(inUnits(side.estimated), unit) })}</span>
      )}
      {!isWhole(side, of) && (
        <span class="note">
          {side.missing ? m.meter_use_missing() : m.meter_use_days({ count: side.days, of: number(of) })}
        </span>
      )}
    </span>
  );
}
