import { useEffect, useId } from 'preact/hooks';
import type { MeterItem } from '../../api/types';
import { problemText } from '../../i18n/codes';
import { date, today } from '../../i18n/format';
import { counters, MEDIA } from '../../i18n/meter-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Check } from '../../ui/choices';
import { later } from '../../ui/later';
import { Notice } from '../../ui/notice';
import { Counter } from './meter-counter';
import type { FixesProps, SaidProps } from './meter-findings';
import { meterName } from './meter-name';
import { isAsked, isRefused, type Sheet } from './meter-sheet';

const findings = () => import('./meter-findings');
const Said = later<SaidProps>(async () => ({ default: (await findings()).Said }), 1);
const Fixes = later<FixesProps>(async () => ({ default: (await findings()).Fixes }), 1);
const MeterPhoto = later(() => import('./meter-photo'), 1);

/** Where the summary of errors leads to. */
export const fieldOf = (meter: MeterItem, register = 0): string => `value-${meter.meter_id}-${register}`;

export const dayOf = (meter: MeterItem): string => `day-${meter.meter_id}`;

/** What a day is refused for; everything else is about the values. */
const OF_THE_DAY: string[] = ['FUTURE', 'BEFORE_INSTALL', 'ARCHIVED', 'WINDOW', 'VERIFICATION_EXPIRED'];

/** The next counter of the page, or the button that sends: by then everything was looked at. */
function goOn(field: HTMLInputElement): void {
  const fields = [...(field.form?.querySelectorAll<HTMLElement>('.counter-input, [type=submit]') ?? [])];
  fields[fields.indexOf(field) + 1]?.focus();
}

interface Props {
  sheet: Sheet;
  offline: boolean;
}

/** One meter: what is known of it, and the field for what it shows now. */
export function MeterCard({ sheet, offline }: Props) {
  const { meter } = sheet;
  const { number, place, last, estimate, waiting, refused, verified_until: until, removed_on: gone } = meter;
  const now = today(currentMe().organisation.time_zone);
  return (
    <li class="meter" data-testid="meter" data-meter={meter.meter_id}>
      <div class="meter-head">
        <h3>
          {place || MEDIA[meter.medium]()}
          <span class="note">{m.meter_number({ number })}</span>
        </h3>
        <a href={`/meters/${meter.meter_id}`}>
          {m.meter_history()}
          <span class="hidden"> {meterName(meter)}</span>
        </a>
      </div>
      <p data-testid="last">
        {last ? m.meter_last({ value: counters(last.values), date: date(last.date) }) : m.meter_no_last()}
      </p>
      {estimate && (
        <p class="muted" data-testid="estimate">
          {m.meter_estimate({ value: counters(estimate.values), date: date(estimate.date) })}
        </p>
      )}
      {waiting && (
        <Notice
          testId="waiting"
          title={m.meter_waiting({ value: counters(waiting.values), date: date(waiting.date) })}
        />
      )}
      {refused && !gone && (
        <Notice
          kind="warning"
          testId="refused"
          title={m.meter_refused({ value: counters(refused.values), date: date(refused.date) })}
        >
          <p>{refused.reason}</p>
        </Notice>
      )}
      {until && until < now && !gone && meter.may_read && (
        <p class="muted" data-testid="expired">
          {m.meter_expired({ date: date(until) })}
        </p>
      )}
      {gone && <p class="muted">{m.meter_gone({ date: date(gone) })}</p>}
      {!gone && !meter.may_read && <p class="muted">{m.meter_readonly()}</p>}
      {!gone && meter.may_read && <Entry sheet={sheet} offline={offline} />}
    </li>
  );
}

function Entry({ sheet, offline }: Props) {
  const { meter } = sheet;
  const { device } = meter;
  const id = useId();
  const now = today(currentMe().organisation.time_zone);
  const day = sheet.date.value;
  const judged = sheet.now.value;
  const problem = sheet.problem.value;
  const filled = sheet.filled.value;
  const wrong = (register: number) =>
    judged !== null &&
    isRefused(judged) &&
    judged.findings.some(
      ({ code, severity, register: of }) =>
        severity === 'reject' && !OF_THE_DAY.includes(code) && (of ?? register) === register,
    );
  const isWrongDay =
    filled &&
    (!day ||
      (judged?.findings.some(({ code, severity }) => severity === 'reject' && OF_THE_DAY.includes(code)) ?? false));
  const again = () => {
    sheet.say(null);
    const field = document.getElementById(fieldOf(meter));
    if (field instanceof HTMLInputElement) {
      field.focus();
      field.select();
    }
  };
  const ready = sheet.photo.items.value.some(({ state }) => state === 'ready');
  useEffect(() => sheet.photographed(), [ready, sheet]);
  const asked = judged !== null && !isRefused(judged) && isAsked(judged);
  const withPhoto = asked || sheet.claim.value === 'replaced' || sheet.photo.items.value.length > 0;
  return (
    <div class="meter-entry">
      {Array.from({ length: device.registers }, (_, register) => (
        <div key={register} class="field">
          <label for={fieldOf(meter, register)}>
            {device.registers > 1 ? m.meter_register({ number: register + 1 }) : m.meter_value()}
            <span class="hidden"> {meterName(meter)}</span>
          </label>
          <Counter
            id={fieldOf(meter, register)}
            device={device}
            value={sheet.values.value[register] ?? ''}
            wrong={wrong(register)}
            describedBy={`${id}-hint ${id}-said`}
            onFocus={() => void findings().catch(() => undefined)}
            onInput={(value) => sheet.type(register, value)}
            onNext={(field) => {
              void sheet.look();
              goOn(field);
            }}
          />
        </div>
      ))}
      <p class="hint" id={`${id}-hint`}>
        {device.decimals > 0 ? m.meter_hint_both() : m.meter_hint_whole()}
      </p>
      {filled && (
        <div class="meter-day">
          <div class="field">
            <label for={dayOf(meter)}>{m.meter_date()}</label>
            <input
              id={dayOf(meter)}
              class="control control-short"
              type="date"
              required
              max={now}
              value={day}
              aria-invalid={isWrongDay || undefined}
              aria-describedby={`${id}-said`}
              onInput={(event) => sheet.setDate(event.currentTarget.value)}
            />
          </div>
          <button type="button" class="button button-quiet" onClick={() => sheet.clear()}>
            {m.meter_clear()}
            <span class="hidden"> {meterName(meter)}</span>
          </button>
        </div>
      )}
      <div id={`${id}-said`} role="status" class="meter-said">
        {filled && !day && (
          <p class="field-error" data-testid="day-missing">
            {m.meter_date_missing()}
          </p>
        )}
        {filled && offline && <p class="muted">{m.meter_offline()}</p>}
        {filled && judged && <Said judged={judged} meter={meter} today={day === now} />}
        {problem && day && !judged?.findings.length && <p class="field-error">{problemText(problem)}</p>}
      </div>
      {filled && judged && <Fixes judged={judged} meter={meter} sheet={sheet} onTypo={again} />}
      {sheet.claim.value === 'replaced' && (
        <div>
          <p data-testid="replaced">{m.meter_replaced_text()}</p>
          <button type="button" class="button button-quiet" onClick={() => sheet.say(null)}>
            {m.meter_not_replaced()}
          </button>
        </div>
      )}
      {filled && asked && (
        <Check
          id={`${id}-confirmed`}
          label={m.meter_confirm()}
          hint={m.meter_confirm_hint()}
          checked={sheet.confirmed.value}
          onChange={(checked) => sheet.confirm(checked)}
        />
      )}
      {filled && withPhoto && <MeterPhoto tray={sheet.photo} />}
      {filled && sheet.confirmed.value && judged?.status === 'held' && (
        <p class="awaiting" data-testid="will-wait">
          {m.meter_will_wait()}
        </p>
      )}
    </div>
  );
}
