import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages, useResource } from '../api/resource';
import type { MeterItem } from '../api/types';
import '../i18n/reading-codes';
import { date } from '../i18n/format';
import { counters } from '../i18n/meter-words';
import { mediumText } from '../i18n/reading-media';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Icon } from '../ui/icon';
import { DateText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { Search } from '../ui/search';
import { type Column, ListTable } from '../ui/table';
import { useCommunities } from './parts/desk-data';
import { ReadingTabs } from './parts/reading-tabs';
import { Select } from './parts/select';
import '../styles/desk.css';

/** What is looked for: the meters of a unit, those of a community's common parts, or one by its number. */
type Wanted = { unit_id: string } | { community_id: string } | { number: string };

function wantedOf({ unit_id, community_id, number }: Record<string, string | undefined>): Wanted | null {
  if (unit_id) return { unit_id };
  if (community_id) return { community_id };
  return number ? { number } : null;
}

export const meterListAddress = (wanted: Record<string, string>): string =>
  `/meter-list?${new URLSearchParams(wanted)}`;

/** Meters as staff look for them. */
export default function MeterStaff() {
  return isStaff() ? <Finder /> : <NotFound />;
}

function Finder() {
  const { query, route } = useLocation();
  const wanted = wantedOf(query);
  const communities = useCommunities();
  const place = wanted && !('number' in wanted) ? wanted : null;
  return (
    <Page
      wide
      title={m.reading_meters()}
      actions={
        place && (
          <a class="button button-main" href={`/meter-list/new?${new URLSearchParams(place)}`}>
            <Icon name="plus" />
            {m.reading_install()}
          </a>
        )
      }
    >
      <ReadingTabs at="meters" />
      <Search
        key={query.number ?? ''}
        label={m.reading_by_number()}
        hint={m.reading_by_number_hint()}
        value={query.number ?? ''}
        onSearch={(number) => route(number ? meterListAddress({ number }) : '/meter-list', true)}
      />
      <div class="desk-filters">
        <Select
          label={m.reading_common_of()}
          value={query.community_id ?? ''}
          none={m.queue_new_choose()}
          options={[...communities].map(([value, label]) => ({ value, label }))}
          onChange={(community_id) => route(community_id ? meterListAddress({ community_id }) : '/meter-list', true)}
        />
      </div>
      {wanted && 'unit_id' in wanted && <UnitName unit_id={wanted.unit_id} />}
      {wanted ? <Found wanted={wanted} /> : <p>{m.reading_find_hint()}</p>}
    </Page>
  );
}

function UnitName({ unit_id }: { unit_id: string }) {
  const unit = useResource(`unit ${unit_id}`, () =>
    unwrap(api.GET('/units/{unit_id}', { params: { path: { unit_id } } })),
  );
  if (unit.state !== 'ready') return null;
  return <h2>{m.reading_of_unit({ unit: `${unit.data.label}, ${unit.data.address}` })}</h2>;
}

function Found({ wanted }: { wanted: Wanted }) {
  const pages = usePages(`meters ${JSON.stringify(wanted)}`, (cursor) =>
    unwrap(api.GET('/meters', { params: { query: { ...wanted, ...(cursor && { cursor }) } } })),
  );
  const columns: Column<MeterItem>[] = [
    {
      id: 'number',
      header: m.reading_number(),
      head: true,
      cell: (row) => (
        <span>
          <a href={`/meters/${row.meter_id}`}>{row.number}</a>
          <span class="note">{[mediumText(row.medium), row.place].filter(Boolean).join(', ')}</span>
        </span>
      ),
    },
    {
      id: 'last',
      header: m.reading_last(),
      cell: (row) =>
        row.last ? (
          <span>
            <span class="figures">{counters(row.last.values)}</span>
            <span class="note">
              <DateText on={row.last.date} style="short" />
            </span>
          </span>
        ) : (
          m.reading_last_none()
        ),
    },
    {
      id: 'state',
      header: m.reading_state(),
      cell: (row) => <State meter={row} />,
    },
    {
      id: 'actions',
      header: m.reading_actions(),
      actions: true,
      cell: (row) =>
        row.removed_on ? null : (
          <span class="form-actions">
            <a href={`/meters/${row.meter_id}/enter`}>{m.reading_enter()}</a>
            {!row.unit_id && <a href={`/meters/${row.meter_id}/balance`}>{m.reading_balance()}</a>}
          </span>
        ),
    },
  ];
  return (
    <ListTable
      caption={m.reading_meters()}
      hideCaption
      columns={columns}
      pages={pages}
      rowKey={(row) => row.meter_id}
      rowTestId="meter-row"
      rowClass={(row) => (row.removed_on ? 'row-off' : undefined)}
      empty={'number' in wanted ? m.reading_number_unknown() : m.reading_meters_none()}
    />
  );
}

/** What is to be known of a meter at a glance. */
function State({ meter }: { meter: MeterItem }) {
  const { removed_on, waiting, verified_until } = meter;
  if (removed_on) return <>{m.reading_removed({ date: date(removed_on) })}</>;
  return (
    <span>
      {waiting && (
        <span class="note">
          <a href={`/held-readings?reading=${waiting.reading_id}`}>{m.reading_waiting()}</a>
        </span>
      )}
      {verified_until && (
        <span class="note">
          {m.reading_verified_until()} <DateText on={verified_until} style="short" />
        </span>
      )}
    </span>
  );
}
