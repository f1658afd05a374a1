import type { Consumption, HeldReading, StreamEntry } from '../../api/types';
import { date } from '../../i18n/format';
import { about, counter, counters } from '../../i18n/meter-words';
import { m } from '../../paraglide/messages.js';
import { type Bar, type Dot, pictureOf, registerOf } from './held-line';

// In units of the picture, which is as wide as a telephone.
const WIDTH = 360;
const HEIGHT = 216;
const LINE = { top: 22, bottom: 108 };
const BARS = { top: 132, bottom: 196 };
const GAP = 6;

interface Props {
  reading: HeldReading;
  from: string;
  entries: readonly StreamEntry[];
  consumption: Consumption;
}

/** What the counter showed, and what was used a day; the held reading stands out in shape and in words, not by colour alone. */
export function HeldChart({ reading, from, entries, consumption }: Props) {
  const picture = pictureOf(reading, from, entries, consumption);
  const { start, end, lines, held, bars, heldBar } = picture;
  const x = (day: number) => GAP + ((day - start) / Math.max(end - start, 1)) * (WIDTH - 2 * GAP);
  const values = [...lines.flat(), held].map((dot) => dot.value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const y = (value: number) =>
    LINE.bottom - ((value - least) / Math.max(most - least, 1e-9)) * (LINE.bottom - LINE.top);
  const top = Math.max(...bars.map((bar) => bar.daily), heldBar?.daily ?? 0, 1e-9);
  const height = (bar: Bar) => Math.max((bar.daily / top) * (BARS.bottom - BARS.top), 0);
  const point = (dot: Dot) => `${round(x(dot.day))},${round(y(dot.value))}`;
  const column = (bar: Bar, kind: string) => (
    <rect
      class={kind}
      x={round(x(bar.first))}
      y={round(BARS.bottom - height(bar))}
      width={round(Math.max(x(bar.last) - x(bar.first) - 1, 1.5))}
      height={round(height(bar))}
    />
  );
  const register = registerOf(reading);
  const [hx, hy] = [x(held.day), y(held.value)];
  const last = lines.at(-1)?.at(-1);
  return (
    <figure class="held-chart" data-testid="held-chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={m.held_chart_label({
          from: date(from),
          to: date(reading.date),
          value: counters(reading.values),
        })}
      >
        <text x={GAP} y={12} class="chart-word">
          {m.held_chart_values()}
        </text>
        <line class="chart-axis" x1={GAP} x2={WIDTH - GAP} y1={LINE.bottom} y2={LINE.bottom} />
        {lines.map((line, index) => (
          <polyline key={index} class="chart-line" points={line.map(point).join(' ')} />
        ))}
        {lines.flat().map((dot, index) => (
          <circle
            key={index}
            class={dot.estimated ? 'chart-dot chart-estimated' : 'chart-dot'}
            cx={round(x(dot.day))}
            cy={round(y(dot.value))}
            r={2.5}
          />
        ))}
        {last && (
          <line
            class="chart-held-line"
            x1={round(x(last.day))}
            y1={round(y(last.value))}
            x2={round(hx)}
            y2={round(hy)}
          />
        )}
        <path class="chart-held" d={`M${round(hx)} ${round(hy - 6)}l5 6-5 6-5-6z`} data-testid="held-mark" />
        <text x={GAP} y={BARS.top - 8} class="chart-word">
          {m.held_chart_daily()}
        </text>
        {bars.map((bar, index) => (
          <g key={index}>{column(bar, bar.estimated ? 'chart-bar chart-estimated' : 'chart-bar')}</g>
        ))}
        {heldBar && column(heldBar, 'chart-held-bar')}
        <line class="chart-axis" x1={GAP} x2={WIDTH - GAP} y1={BARS.bottom} y2={BARS.bottom} />
        <text x={GAP} y={HEIGHT - 5} class="chart-word">
          {date(from, 'short')}
        </text>
        <text x={WIDTH - GAP} y={HEIGHT - 5} text-anchor="end" class="chart-word">
          {date(reading.date, 'short')}
        </text>
      </svg>
      <figcaption class="chart-legend">
        <span>
          <svg class="chart-sign" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
            <path class="chart-held" d="M7 1l5 6-5 6-5-6z" />
          </svg>
          {m.held_chart_held({ value: counter(reading.values[register] ?? '') })}
          {heldBar && ` · ${m.held_chart_a_day({ use: about(heldBar.daily, reading.unit) })}`}
        </span>
        {(bars.some((bar) => bar.estimated) || lines.flat().some((dot) => dot.estimated)) && (
          <span>
            <svg class="chart-sign" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
              <rect class="chart-bar chart-estimated" x={1} y={1} width={12} height={12} />
            </svg>
            {m.held_chart_estimated()}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;
