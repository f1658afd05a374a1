import { WANTED_THINGS } from '../../i18n/step-words';
import type { Wanted } from '../../i18n/wanted-words';
import { m } from '../../paraglide/messages.js';
import { Select } from './select';

const OPTIONS = Object.keys(WANTED_THINGS) as Wanted[];

/** What a resident is asked for. */
export function WantedSelect({ value, onChange }: { value: Wanted; onChange: (value: Wanted) => void }) {
  return (
    <Select
      label={m.queue_wanted()}
      value={value}
      options={OPTIONS.map((one) => ({ value: one, label: WANTED_THINGS[one]() }))}
      onChange={(chosen) => onChange(chosen as Wanted)}
    />
  );
}
