import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { MeterSettings } from '../../api/types';
import { MEDIA, type Medium, mediumText } from '../../i18n/reading-media';
import { METHODS, sourceText, THRESHOLDS } from '../../i18n/threshold-words';
import { m } from '../../paraglide/messages.js';
import { Facts } from '../../ui/facts';
import { Failed, Notice } from '../../ui/notice';
import { Input, Select } from './select';
import { asText, contradictions, fits, fromText, kindOf } from './threshold-values';

interface Props {
  settings: MeterSettings;
  mayChange: boolean;
  onSaved: () => void;
}

type Typed = Record<string, string>;

const media = Object.keys(MEDIA) as Medium[];
const key = (medium: string, name: string) => `${medium}.${name}`;

/** Own values as typed, by medium and name; an empty one leaves the default. */
function typedOf(settings: MeterSettings): Typed {
  const typed: Typed = {};
  for (const medium of media) {
    const window = settings.windows[medium];
    if (window) {
      typed[key(medium, 'first')] = String(window.first);
      typed[key(medium, 'last')] = String(window.last);
    }
    for (const [name, value] of Object.entries(settings.thresholds[medium] ?? {})) {
      typed[key(medium, name)] = asText(value);
    }
  }
  return typed;
}

const isDay = (text: string) => /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 31;

/** What is typed as the body of a request, with the fields that are wrong. */
function collected(settings: MeterSettings, typed: Typed) {
  const wrong: Record<string, () => string> = {};
  const windows: Record<string, { first: number; last: number }> = {};
  const thresholds: Record<string, Record<string, unknown>> = {};
  for (const medium of media) {
    const [first = '', last = ''] = ['first', 'last'].map((name) => (typed[key(medium, name)] ?? '').trim());
    if (first || last) {
      if (!isDay(first)) wrong[key(medium, 'first')] = m.reading_window_wrong;
      if (!isDay(last)) wrong[key(medium, 'last')] = m.reading_window_wrong;
      windows[medium] = { first: Number(first), last: Number(last) };
    }
    const defaults = settings.default_thresholds[medium] ?? {};
    const own: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(defaults)) {
      const text = (typed[key(medium, name)] ?? '').trim();
      if (!text) continue;
      const read = fromText(text, kindOf(value));
      if (read === null || !fits(name, read)) wrong[key(medium, name)] = m.field_invalid;
      else own[name] = read;
    }
    for (const name of contradictions({ ...defaults, ...own })) wrong[key(medium, name)] ??= m.reading_threshold_order;
    if (Object.keys(own).length > 0) thresholds[medium] = own;
  }
  return { wrong, windows, thresholds };
}

export function MeterRules({ settings, mayChange, onSaved }: Props) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(settings));
  const [policy, setPolicy] = useState(settings.estimation_policy ?? '');
  const [medium, setMedium] = useState<Medium>(
    media.find((one) => settings.default_thresholds[one]) ?? media[0] ?? 'cold_water',
  );
  const [wrong, setWrong] = useState<Record<string, () => string>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (name: string, text: string) => setTyped((old) => ({ ...old, [name]: text }));

  const save = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const { wrong: found, windows, thresholds } = collected(settings, typed);
    setWrong(found);
    setProblem(null);
    const first = Object.keys(found)[0];
    if (first) {
      const at = first.split('.')[0] as Medium;
      if (!/\.(first|last)$/.test(first)) setMedium(at);
      // The field of another medium is there only after this.
      setTimeout(() => document.getElementById(`rule-${first}`)?.focus());
      return;
    }
    const body = { windows, thresholds, estimation_policy: policy || null, version: settings.version };
    setBusy(true);
    unwrap(api.PUT('/meter-settings', { body })).then(onSaved, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };

  const told = (problem?.errors ?? [])
    .map(({ field, params }) => ruleName(typeof params.name === 'string' ? params.name : (field ?? '')))
    .filter((name) => name !== null);
  const chosen = settings.estimation_policies.find((one) => one.policy_id === policy);
  return (
    <form noValidate class="rules" onSubmit={save}>
      {problem && <Failed problem={problem} />}
      {told.length > 0 && <p class="field-error">{told.join('; ')}</p>}
      {Object.keys(wrong).length > 0 && <Notice kind="bad" title={m.error_summary_title()} />}
      <section class="section" aria-labelledby="windows">
        <h2 id="windows">{m.reading_windows()}</h2>
        <p class="hint">{m.reading_windows_hint()}</p>
        {mayChange ? (
          media.map((one) => (
            <fieldset key={one} class="plain-group">
              <legend class="legend">{mediumText(one)}</legend>
              <div class="fields fields-two">
                {(['first', 'last'] as const).map((side) => (
                  <Input
                    key={side}
                    id={`rule-${key(one, side)}`}
                    label={side === 'first' ? m.reading_window_first() : m.reading_window_last()}
                    value={typed[key(one, side)] ?? ''}
                    error={wrong[key(one, side)]?.()}
                    short
                    onInput={(text) => set(key(one, side), text)}
                  />
                ))}
              </div>
            </fieldset>
          ))
        ) : (
          <Facts items={media.map((one) => ({ label: mediumText(one), value: windowText(settings, one) }))} />
        )}
      </section>
      <section class="section" aria-labelledby="estimates">
        <h2 id="estimates">{m.reading_estimates()}</h2>
        <p class="hint">{m.reading_estimates_hint()}</p>
        {mayChange ? (
          <Select
            label={m.reading_estimates_policy()}
            value={policy}
            none={m.reading_estimates_none()}
            options={settings.estimation_policies.map((one) => ({
              value: one.policy_id,
              label: `${METHODS[one.method]?.() ?? one.method} (${one.policy_id})`,
            }))}
            onChange={setPolicy}
          />
        ) : (
          <p>{chosen ? (METHODS[chosen.method]?.() ?? chosen.method) : m.reading_estimates_none()}</p>
        )}
        {chosen && <p class="muted small">{m.reading_source({ source: sourceText(chosen.source) })}</p>}
      </section>
      <section class="section" aria-labelledby="thresholds">
        <h2 id="thresholds">{m.reading_thresholds()}</h2>
        <p class="hint">{m.reading_thresholds_hint()}</p>
        <Select
          label={m.reading_medium()}
          value={medium}
          options={media.map((one) => ({ value: one, label: mediumText(one) }))}
          onChange={(one) => setMedium(one as Medium)}
        />
        {Object.entries(settings.default_thresholds[medium] ?? {}).map(([name, value]) => (
          <Rule
            key={key(medium, name)}
            id={`rule-${key(medium, name)}`}
            name={name}
            standard={value}
            source={settings.sources[medium]?.[name] ?? ''}
            typed={typed[key(medium, name)] ?? ''}
            error={wrong[key(medium, name)]?.()}
            mayChange={mayChange}
            onInput={(text) => set(key(medium, name), text)}
          />
        ))}
      </section>
      {mayChange && (
        <div class="form-actions">
          <button type="submit" class="button button-main" aria-disabled={busy} data-busy={busy || undefined}>
            {m.save_action()}
          </button>
        </div>
      )}
    </form>
  );
}

function windowText(settings: MeterSettings, medium: Medium): string {
  const window = settings.windows[medium];
  return window
    ? m.reading_window_days({ first: String(window.first), last: String(window.last) })
    : m.reading_window_none();
}

/** A threshold of the wire (`floor`, `thresholds.cold_water.floor`) as the reader knows it; null: none of them. */
function ruleName(field: string): string | null {
  const parts = field.split('.');
  const name = THRESHOLDS[parts.at(-1) ?? '']?.();
  if (!name) return null;
  const medium = parts.find((part) => part in MEDIA);
  return medium ? `${mediumText(medium as Medium)}: ${name}` : name;
}

interface RuleProps {
  id: string;
  name: string;
  standard: unknown;
  source: string;
  typed: string;
  error: string | undefined;
  mayChange: boolean;
  onInput: (text: string) => void;
}

/** A value for people to read. */
function shown(value: unknown): string {
  if (value === 'reject') return m.reading_policy_reject();
  if (value === 'warn') return m.reading_policy_warn();
  if (typeof value === 'boolean') return value ? m.reading_yes() : m.reading_no();
  return asText(value) || m.reading_list_empty();
}

/** One threshold: own value, the default and where it comes from. */
function Rule({ id, name, standard, source, typed, error, mayChange, onInput }: RuleProps) {
  const kind = kindOf(standard);
  const label = THRESHOLDS[name]?.() ?? name;
  const told = (
    <p class="muted small">
      {m.reading_default({ value: shown(standard) })} {source && m.reading_source({ source: sourceText(source) })}
    </p>
  );
  if (!mayChange) {
    const own = typed ? fromText(typed, kind) : null;
    return (
      <div>
        <p>
          {label}: <strong>{shown(own ?? standard)}</strong>
        </p>
        {told}
      </div>
    );
  }
  const choices =
    kind === 'policy'
      ? ['reject', 'warn'].map((value) => ({ value, label: shown(value) }))
      : [true, false].map((value) => ({ value: String(value), label: shown(value) }));
  return (
    <div>
      {kind === 'policy' || kind === 'flag' ? (
        <Select label={label} value={typed} none={m.reading_as_default()} options={choices} onChange={onInput} />
      ) : (
        <Input id={id} label={label} value={typed} error={error} short={kind !== 'list'} onInput={onInput} />
      )}
      {told}
    </div>
  );
}
