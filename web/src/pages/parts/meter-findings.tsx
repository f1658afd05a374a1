import type { Finding, MeterItem, Suggestion } from '../../api/types';
import { findingText } from '../../i18n/meter-findings';
import { about, counter, measured, roundly } from '../../i18n/meter-words';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon';
import { isAsked, isRefused, type Judged, type Sheet } from './meter-sheet';

export interface SaidProps {
  judged: Judged;
  meter: MeterItem;
  today: boolean;
}

/** What a value means and what is to be said of it; the way out stands beside it, in Fixes. */
export function Said({ judged, meter, today }: SaidProps) {
  const { findings, consumption } = judged;
  const { registers } = meter.device;
  const kind = isRefused(judged) ? 'bad' : isAsked(judged) ? 'warning' : 'good';
  return (
    <div class={`notice notice-${kind}`} data-testid="said" data-status={judged.status}>
      <Icon name={kind === 'good' ? 'check' : 'alert'} />
      <div>
        {consumption?.uses.map((use, register) => (
          <p key={register} class="figures-line" data-testid="use">
            {registers > 1 && `${m.meter_register({ number: register + 1 })}: `}
            {m.meter_use_now({ use: measured(use, consumption.unit), count: consumption.days })}
            {today && consumption.since === meter.last?.date && !findings.some(isOfUse) && usual(meter, register)}
          </p>
        ))}
        {findings.map((finding, index) => (
          <p key={index} data-testid="finding" data-code={finding.code}>
            {findingText(finding, meter.unit, registers)}
          </p>
        ))}
      </div>
    </div>
  );
}

/** These say themselves what would be usual. */
const isOfUse = ({ code }: Finding): boolean => ['HIGH', 'LOW', 'PHYSICAL'].includes(code);

/** The use that raises no question, as of today and from the last reading on; only where something is known of this meter. */
function usual(meter: MeterItem, register: number): string {
  const range = meter.expected.find((one) => one.register === register);
  if (!range?.basis) return '';
  return `, ${m.meter_use_usual({ low: roundly(Number(range.low_use)), high: about(range.high_use, meter.unit) })}`;
}

export interface FixesProps {
  judged: Judged;
  meter: MeterItem;
  sheet: Sheet;
  /** Leads back into the field. */
  onTypo: () => void;
}

const isSwap = ({ kind }: Suggestion): boolean => kind === 'transposed_digits' || kind === 'swapped_registers';

/** One tap each: the value that was probably meant, or what happened to a counter that shows less. */
export function Fixes({ judged, meter, sheet, onTypo }: FixesProps) {
  const suggestions = judged.findings.flatMap(({ suggestion }) => suggestion ?? []);
  // What fingers do most often is offered first.
  const offered = [...suggestions.filter(isSwap), ...suggestions.filter((one) => !isSwap(one))];
  const less = judged.findings.find(({ code }) => code === 'DECREASE');
  const choices = less && sheet.claim.value !== 'replaced' ? [less.message_params.choices ?? []].flat() : [];
  return (
    <>
      {offered.length > 0 && (
        <div class="form-actions">
          {offered.map((suggestion, index) => (
            <button
              key={index}
              type="button"
              class="button"
              data-testid="suggestion"
              onClick={() => sheet.take(suggestion)}
            >
              {suggestion.claim === 'rolled_over'
                ? m.meter_rolled()
                : m.meter_meant({ value: suggested(suggestion, meter, sheet) })}
            </button>
          ))}
        </div>
      )}
      {choices.length > 0 && (
        <fieldset class="choices">
          <legend class="legend">{m.meter_why_less()}</legend>
          <div class="form-actions">
            {choices.includes('typo') && (
              <button type="button" class="button" onClick={onTypo}>
                {m.meter_typo()}
              </button>
            )}
            {choices.includes('replaced') && (
              <button type="button" class="button" onClick={() => sheet.say('replaced')}>
                {m.meter_replaced()}
              </button>
            )}
            {choices.includes('rolled_over') && (
              <button
                type="button"
                class="button"
                onClick={() => sheet.say('rolled_over', less?.register == null ? [] : [less.register])}
              >
                {m.meter_rolled()}
              </button>
            )}
          </div>
        </fieldset>
      )}
    </>
  );
}

/** Only the values that differ from those typed: the others say nothing. */
function suggested({ values }: Suggestion, meter: MeterItem, sheet: Sheet): string {
  const changed = values.flatMap((value, register) => {
    if (value === sheet.values.value[register]) return [];
    const name = meter.device.registers > 1 ? `${m.meter_register({ number: register + 1 })} ` : '';
    return [name + counter(value)];
  });
  return (changed.length > 0 ? changed : values.map(counter)).join(', ');
}
