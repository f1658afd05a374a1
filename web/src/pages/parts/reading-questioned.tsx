import type { Finding, Meter, Suggestion } from '../../api/types';
import { findingText } from '../../i18n/meter-findings';
import { counters } from '../../i18n/meter-words';
import { m } from '../../paraglide/messages.js';
import { Notice } from '../../ui/notice';

interface Props {
  findings: readonly Finding[];
  refused: boolean;
  meter: Meter;
  /** What was asked about. */
  date: string;
  values: string[];
  onTake: (suggestion: Suggestion) => void;
}

/** What the checks ask or refuse, with the values that were probably meant and what may explain it. */
export default function ReadingQuestioned({ findings, refused, meter, date, values, onTake }: Props) {
  return (
    <Notice
      kind={refused ? 'bad' : 'warning'}
      title={refused ? m.meter_code_rejected() : m.reading_questioned()}
      focus
      testId="questioned"
    >
      <ul>
        {findings.map((finding, index) => (
          <li key={index} data-code={finding.code}>
            {findingText(finding, meter.unit, meter.device.registers)}
            {finding.suggestion && (
              <p>
                <button type="button" class="button" onClick={() => onTake(finding.suggestion as Suggestion)}>
                  {finding.suggestion.claim === 'rolled_over'
                    ? m.reading_rolled_over()
                    : m.reading_take({ value: counters(finding.suggestion.values) })}
                </button>
              </p>
            )}
          </li>
        ))}
      </ul>
      {findings.some(({ code }) => code === 'DECREASE') && (
        <div class="form-actions">
          <a class="button" href={`/meters/${meter.meter_id}/replace?date=${date}`}>
            {m.held_replace()}
          </a>
          <button
            type="button"
            class="button"
            onClick={() => onTake({ kind: 'rolled_over', values, claim: 'rolled_over', claimed: [] })}
          >
            {m.reading_rolled_over()}
          </button>
        </div>
      )}
    </Notice>
  );
}
