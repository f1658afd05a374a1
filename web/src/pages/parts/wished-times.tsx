import { today } from '../../i18n/format';
import { DAY_PARTS } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import type { FormState } from '../../ui/form';
import type { Draft } from './draft';

const MOST_TIMES = 5;

/** When somebody may come: days, and parts of them. Few name any, so it is a file of its own. */
export default function WishedTimes({ form }: { form: FormState<Draft> }) {
  const { values, set, id } = form;
  const times = values.wished_times;
  const change = (index: number, news: Partial<(typeof times)[number]>) =>
    set(
      'wished_times',
      times.map((time, at) => (at === index ? { ...time, ...news } : time)),
    );
  return (
    <fieldset class="choices">
      <legend class="legend">
        {m.ticket_wished()} <span class="optional">{m.field_optional()}</span>
      </legend>
      {times.map((time, index) => (
        <div key={index} class="wished">
          <div class="field">
            <label for={`${id}-day-${index}`}>{m.report_wished_day()}</label>
            <input
              id={`${id}-day-${index}`}
              class="control"
              type="date"
              min={today(currentMe().organisation.time_zone)}
              value={time.day}
              onInput={(event) => change(index, { day: event.currentTarget.value })}
            />
          </div>
          <div class="field">
            <label for={`${id}-part-${index}`}>{m.report_wished_part()}</label>
            <select
              id={`${id}-part-${index}`}
              class="control"
              value={time.part}
              onChange={(event) => change(index, { part: event.currentTarget.value as typeof time.part })}
            >
              {Object.entries(DAY_PARTS).map(([value, words]) => (
                <option key={value} value={value}>
                  {words()}
                </option>
              ))}
            </select>
          </div>
          <button
            type="button"
            class="button button-quiet"
            onClick={() =>
              set(
                'wished_times',
                times.filter((_, at) => at !== index),
              )
            }
          >
            {m.ticket_file_remove()}
          </button>
        </div>
      ))}
      {times.length < MOST_TIMES && (
        <button
          type="button"
          class="button"
          onClick={() => set('wished_times', [...times, { day: '', part: 'any' as const }])}
        >
          {m.report_wished_add()}
        </button>
      )}
    </fieldset>
  );
}
