import type { CategoryNode, TicketSettings } from '../../api/types';
import { LANGUAGE_NAMES, LOCALES, type Locale } from '../../i18n/languages';
import { m } from '../../paraglide/messages.js';
import { Input, Select } from './select';

type Deadline = TicketSettings['default_deadline'];
type Names = CategoryNode['names'];

const UNITS: Record<Deadline['unit'], () => string> = {
  hours: m.queue_unit_hours,
  working_hours: m.queue_unit_working_hours,
  working_days: m.queue_unit_working_days,
};

interface DeadlineProps {
  label: string;
  value: Deadline | null;
  /** What it means that there is none; without it there has to be one. */
  none?: string;
  onChange: (value: Deadline | null) => void;
}

export function DeadlineField({ label, value, none, onChange }: DeadlineProps) {
  return (
    <fieldset class="plain-group">
      <legend class="legend">{label}</legend>
      <div class="fields fields-two">
        <Select
          label={m.queue_unit()}
          value={value?.unit ?? ''}
          none={none}
          options={Object.entries(UNITS).map(([unit, words]) => ({ value: unit, label: words() }))}
          onChange={(unit) => onChange(unit ? { amount: value?.amount ?? 1, unit: unit as Deadline['unit'] } : null)}
        />
        {value && (
          <Input
            label={m.queue_unit_amount()}
            type="number"
            min={1}
            max={1000}
            value={String(value.amount)}
            onInput={(typed) => onChange({ ...value, amount: Number(typed) })}
          />
        )}
      </div>
    </fieldset>
  );
}

interface NamesProps {
  names: Names;
  own: Locale;
  label?: string;
  onChange: (names: Names) => void;
}

/** A name in the organisation's language, and in the others for those who read them. */
export function NamesFields({ names, own, label = m.queue_rules_name(), onChange }: NamesProps) {
  const set = (language: Locale, typed: string) => {
    const { [language]: _, ...rest } = names;
    onChange(typed ? { ...rest, [language]: typed } : rest);
  };
  return (
    <>
      <Input label={label} value={names[own] ?? ''} maxLength={80} onInput={(typed) => set(own, typed)} />
      <details class="desk-more">
        <summary>{m.queue_rules_languages()}</summary>
        {LOCALES.filter((one) => one !== own).map((one) => (
          <LanguageInput key={one} language={one} value={names[one] ?? ''} onInput={(typed) => set(one, typed)} />
        ))}
      </details>
    </>
  );
}

function LanguageInput({
  language,
  value,
  onInput,
}: {
  language: Locale;
  value: string;
  onInput: (v: string) => void;
}) {
  return (
    <Input
      label={<span lang={language}>{LANGUAGE_NAMES[language]}</span>}
      value={value}
      maxLength={80}
      onInput={onInput}
    />
  );
}
