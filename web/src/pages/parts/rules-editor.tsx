import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { TicketSettings } from '../../api/types';
import { weekday } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Icon } from '../../ui/icon';
import { Failed } from '../../ui/notice';
import { DeadlineField, NamesFields } from './rule-fields';
import { Input, Tick } from './select';
import { TreeEditor } from './tree-editor';

interface Props {
  settings: TicketSettings;
  onSaved: () => void;
}

const WEEK = [1, 2, 3, 4, 5, 6, 7];

/** The organisation's rules for tickets: what can be reported, how quickly it is dealt with, whom to ring. */
export function RulesEditor({ settings, onSaved }: Props) {
  const [rules, setRules] = useState(settings);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const own = currentMe().organisation.locale;
  const set = (news: Partial<TicketSettings>) => setRules((old) => ({ ...old, ...news }));
  const time = rules.working_time;
  const save = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    unwrap(api.PUT('/ticket-settings', { body: rules })).then(onSaved, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };
  const whole = (name: 'tickets_a_day' | 'reopen_days' | 'close_after_days', label: string, max: number) => (
    <Input
      label={label}
      type="number"
      short
      min={1}
      max={max}
      value={String(rules[name] ?? '')}
      onInput={(typed) => set({ [name]: Number(typed) })}
    />
  );
  return (
    <form onSubmit={save} class="rules" data-testid="rules">
      {problem && <Failed problem={problem} />}
      <section class="section" aria-labelledby="rules-deadlines">
        <h2 id="rules-deadlines">{m.queue_rules_deadlines()}</h2>
        <DeadlineField
          label={m.queue_rules_default()}
          value={rules.default_deadline}
          onChange={(value) => value && set({ default_deadline: value })}
        />
        <DeadlineField
          label={m.queue_rules_emergency()}
          value={rules.emergency_deadline}
          onChange={(value) => value && set({ emergency_deadline: value })}
        />
      </section>
      <fieldset class="plain-group">
        <legend class="legend">{m.queue_rules_time()}</legend>
        <p class="hint">{m.queue_rules_time_hint({ zone: currentMe().organisation.time_zone })}</p>
        <div class="tick-list">
          {WEEK.map((day) => (
            <Tick
              key={day}
              label={weekday(day)}
              checked={time.days.includes(day)}
              onChange={(on) =>
                set({
                  working_time: { ...time, days: WEEK.filter((one) => (one === day ? on : time.days.includes(one))) },
                })
              }
            />
          ))}
        </div>
        <div class="fields fields-two">
          <Input
            label={m.queue_rules_from()}
            type="number"
            min={0}
            max={23}
            value={String(time.from_hour)}
            onInput={(typed) => set({ working_time: { ...time, from_hour: Number(typed) } })}
          />
          <Input
            label={m.queue_rules_to()}
            type="number"
            min={1}
            max={24}
            value={String(time.to_hour)}
            onInput={(typed) => set({ working_time: { ...time, to_hour: Number(typed) } })}
          />
        </div>
      </fieldset>
      <section class="section" aria-labelledby="rules-numbers">
        <h2 id="rules-numbers">{m.queue_rules_numbers()}</h2>
        {rules.emergency_numbers.map((number, index) => {
          const put = (news: Partial<typeof number>) =>
            set({
              emergency_numbers: rules.emergency_numbers.map((one, at) => (at === index ? { ...one, ...news } : one)),
            });
          return (
            <fieldset key={index} class="plain-group">
              <legend class="hidden">{number.phone || m.queue_rules_number()}</legend>
              <NamesFields names={number.names} own={own} onChange={(names) => put({ names })} />
              <Input label={m.phone_label()} short value={number.phone} onInput={(phone) => put({ phone })} />
              <p>
                <button
                  type="button"
                  class="button button-quiet"
                  onClick={() => set({ emergency_numbers: rules.emergency_numbers.filter((_, at) => at !== index) })}
                >
                  {m.queue_remove()}
                  <span class="hidden"> {number.phone}</span>
                </button>
              </p>
            </fieldset>
          );
        })}
        {rules.emergency_numbers.length < 5 && (
          <p>
            <button
              type="button"
              class="button"
              onClick={() => set({ emergency_numbers: [...rules.emergency_numbers, { names: {}, phone: '' }] })}
            >
              <Icon name="plus" />
              {m.queue_rules_number()}
            </button>
          </p>
        )}
      </section>
      <section class="section" aria-labelledby="rules-limits">
        <h2 id="rules-limits">{m.queue_rules_limits()}</h2>
        {whole('tickets_a_day', m.queue_rules_a_day(), 1000)}
        {whole('reopen_days', m.queue_rules_reopen(), 90)}
        {whole('close_after_days', m.queue_rules_close(), 90)}
        <Tick
          label={m.queue_rules_household()}
          checked={rules.shared_in_household ?? true}
          onChange={(on) => set({ shared_in_household: on })}
        />
      </section>
      <section class="section" aria-labelledby="rules-tree">
        <h2 id="rules-tree">{m.queue_rules_tree()}</h2>
        <p class="muted">{m.queue_rules_tree_hint()}</p>
        <TreeEditor nodes={rules.categories} own={own} onChange={(categories) => set({ categories })} />
      </section>
      <div class="form-actions">
        <button type="submit" class="button button-main" aria-disabled={busy} data-busy={busy || undefined}>
          {m.save_action()}
        </button>
      </div>
    </form>
  );
}
