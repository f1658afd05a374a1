import { useState } from 'preact/hooks';
import type { Desk } from '../../api/types';
import { options, statusOptions } from '../../i18n/desk-words';
import { CHANNELS } from '../../i18n/inner-words';
import { TICKET_TYPES } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon';
import { grouped, problemsOf } from './categories';
import { colleagueOptions, type DeskData } from './desk-data';
import { Input, Select, Tick } from './select';

type Query = Desk['views'][number]['query'];
/** The filters that are set; nothing in it means all that is open. */
export type Filters = { [Name in keyof Query]?: NonNullable<Query[Name]> };

const TEXTS = [
  'status',
  'type',
  'category',
  'community_id',
  'assignee_id',
  'channel',
  'contract_id',
  'incident_id',
  'number',
] as const;
const YES = ['emergency', 'overdue'] as const;

/** The filters that an address or a saved view names; what it does not know it leaves out. */
export function filtersOf(query: Record<string, unknown>): Filters {
  const found: Record<string, unknown> = {};
  for (const name of TEXTS) if (typeof query[name] === 'string' && query[name]) found[name] = query[name];
  for (const name of YES) if (query[name] === true || query[name] === 'true') found[name] = true;
  return found as Filters;
}

/** The address of the queue with filters; `more` is how it is looked at. */
export function queueAddress(filters: Filters, more: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, ...more })) if (value) query.set(name, String(value));
  const text = query.toString();
  return text ? `/queue?${text}` : '/queue';
}

interface Props {
  data: DeskData;
  filters: Filters;
  board: boolean;
  onChange: (filters: Filters) => void;
}

/** What stands in the queue: each choice counts at once and stays in the address. */
export function QueueFilters({ data, filters, board, onChange }: Props) {
  const [number, setNumber] = useState(filters.number ?? '');
  const set = (name: keyof Filters, value: string | boolean) => {
    const { [name]: _, ...rest } = filters;
    onChange(filtersOf({ ...rest, ...(value && { [name]: value }) }));
  };
  const people = [
    { value: 'me', label: m.queue_assignee_me() },
    { value: 'none', label: m.queue_assignee_none() },
    ...colleagueOptions(data.colleagues),
  ];
  const statuses = [
    { value: 'shut', label: m.queue_status_shut() },
    { value: 'all', label: m.queue_status_all() },
    ...statusOptions(),
  ];
  const problems = grouped(problemsOf(data.settings.categories)).map(
    ([above, members]) => [above, members.map((one) => ({ value: one.code, label: one.name }))] as const,
  );
  const hidden = (['type', 'category', 'community_id', 'channel', 'emergency', 'overdue'] as const).filter(
    (name) => filters[name],
  ).length;
  return (
    <search class="desk-filters" aria-label={m.queue_filters()}>
      <form
        class="desk-number"
        onSubmit={(event) => {
          event.preventDefault();
          set('number', number.trim());
        }}
      >
        <Input label={m.ticket_number()} type="search" value={number} maxLength={20} onInput={setNumber} />
        <button type="submit" class="button">
          <Icon name="search" />
          <span class="hidden">{m.search_action()}</span>
        </button>
      </form>
      {!board && (
        <Select
          label={m.ticket_status()}
          value={filters.status ?? ''}
          none={m.queue_status_open()}
          options={statuses}
          onChange={(value) => set('status', value === 'open' ? '' : value)}
        />
      )}
      <Select
        label={m.queue_assignee()}
        value={filters.assignee_id ?? ''}
        none={m.queue_anybody()}
        options={people}
        onChange={(value) => set('assignee_id', value)}
      />
      <details class="desk-more" open={hidden > 0}>
        <summary>
          <Icon name="down" />
          {hidden > 0 ? m.queue_more_filters_set({ count: hidden }) : m.queue_more_filters()}
        </summary>
        <div class="desk-more-filters">
          <Select
            label={m.ticket_type()}
            value={filters.type ?? ''}
            none={m.queue_any()}
            options={options(TICKET_TYPES)}
            onChange={(value) => set('type', value)}
          />
          <Select
            label={m.ticket_category()}
            value={filters.category ?? ''}
            none={m.queue_any()}
            groups={problems}
            onChange={(value) => set('category', value)}
          />
          <Select
            label={m.queue_community()}
            value={filters.community_id ?? ''}
            none={m.queue_any()}
            options={data.communities.map((one) => ({ value: one.community_id, label: one.name }))}
            onChange={(value) => set('community_id', value)}
          />
          <Select
            label={m.queue_channel()}
            value={filters.channel ?? ''}
            none={m.queue_any()}
            options={options(CHANNELS)}
            onChange={(value) => set('channel', value)}
          />
          <Tick
            label={m.queue_only_emergencies()}
            checked={!!filters.emergency}
            onChange={(on) => set('emergency', on)}
          />
          <Tick label={m.queue_only_overdue()} checked={!!filters.overdue} onChange={(on) => set('overdue', on)} />
        </div>
      </details>
      {Object.keys(filters).length > 0 && (
        <button type="button" class="button button-quiet" onClick={() => onChange({})}>
          {m.queue_reset()}
        </button>
      )}
    </search>
  );
}
