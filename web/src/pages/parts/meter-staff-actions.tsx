import type { Meter } from '../../api/types';
import { m } from '../../paraglide/messages.js';

/** What staff do to a meter beside reading it. */
export default function MeterStaffActions({ meter }: { meter: Meter }) {
  const { meter_id, unit_id, waiting, last, removed_on } = meter;
  const correct =
    last && new URLSearchParams({ supersedes: last.reading_id, date: last.date, values: last.values.join(' ') });
  return (
    <>
      {waiting && (
        <p>
          <a href={`/held-readings?reading=${waiting.reading_id}`}>{m.reading_waiting()}</a>
        </p>
      )}
      <div class="form-actions no-print" data-testid="meter-staff">
        {!removed_on && (
          <>
            <a class="button" href={`/meters/${meter_id}/enter`}>
              {m.reading_enter()}
            </a>
            {correct && (
              <a class="button" href={`/meters/${meter_id}/enter?${correct}`}>
                {m.reading_correct_last()}
              </a>
            )}
            <a class="button" href={`/meters/${meter_id}/replace`}>
              {m.held_replace()}
            </a>
            <a class="button" href={`/meters/${meter_id}/note`}>
              {m.reading_note()}
            </a>
          </>
        )}
        {!unit_id && (
          <a class="button" href={`/meters/${meter_id}/balance`}>
            {m.reading_balance()}
          </a>
        )}
        {unit_id && (
          <a class="button button-quiet" href={`/meter-list?unit_id=${unit_id}`}>
            {m.reading_see_unit()}
          </a>
        )}
      </div>
    </>
  );
}
