import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useFollowedPages } from '../api/following';
import { useResource } from '../api/resource';
import type { HeldReading } from '../api/types';
import '../i18n/reading-codes';
import { MEDIA, type Medium, mediumOptions } from '../i18n/reading-media';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Icon } from '../ui/icon';
import { later } from '../ui/later';
import { LoadedPart, Skeleton } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { useCommunities, useNames } from './parts/desk-data';
import { keysOn, switchKeys, useKeys } from './parts/desk-keys';
import { HeldList, heldLinkId } from './parts/held-list';
import { ReadingTabs } from './parts/reading-tabs';
import { Select } from './parts/select';
import '../styles/desk.css';
import '../styles/readings.css';

const HeldOne = later(() => import('./parts/held-one'), 8);
const KeysDialog = later(() => import('./parts/keys-dialog'));

/** Readings wait for hours, not for seconds: what colleagues decide is seen soon enough. */
const EVERY = 10_000;
/** Wide enough for the list and a reading beside it. */
const WIDE = '(min-width: 64em)';

interface Filters {
  medium?: Medium;
  community_id?: string;
}

function filtersOf(query: Record<string, string | undefined>): Filters {
  const { medium, community_id } = query;
  return {
    ...(medium && medium in MEDIA && { medium: medium as Medium }),
    ...(community_id && { community_id }),
  };
}

export function heldAddress(filters: Filters, reading?: string): string {
  const query = new URLSearchParams({ ...filters, ...(reading && { reading }) } as Record<string, string>).toString();
  return `/held-readings${query && `?${query}`}`;
}

/** The reading of the address as it waits now; null where it waits no longer. */
async function findHeld(reading_id: string | null): Promise<HeldReading | null> {
  if (!reading_id) return null;
  const { items } = await unwrap(api.GET('/held-readings', { params: { query: { reading_id } } }));
  return items.find((one) => one.reading_id === reading_id) ?? null;
}

/** Readings that wait for a decision, the longest waiting first; one of them is looked at beside the list. */
export default function HeldReadings() {
  return isStaff() ? <Queue /> : <NotFound />;
}

function Queue() {
  const { query, route } = useLocation();
  const filters = filtersOf(query);
  const communities = useCommunities();
  const key = `held ${JSON.stringify(filters)}`;
  const pages = useFollowedPages<HeldReading>(
    key,
    (headers, cursor) =>
      api.GET('/held-readings', { params: { query: { ...filters, ...(cursor && { cursor }) } }, headers }),
    EVERY,
  );
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState('');
  const [help, setHelp] = useState(false);
  // What was looked at last: when a colleague decides it meanwhile, nothing else may slip under the reader's hands.
  const seen = useRef<HeldReading | null>(null);
  const byHand = useRef(false);
  const end = useRef<HTMLDivElement>(null);

  const items = pages.items.filter((one) => !decided.has(one.reading_id));
  useNames(
    items.map((one) => one.actor.person_id),
    [],
  );
  const wanted = query.reading || null;
  const present = items.find((one) => one.reading_id === wanted) ?? null;
  if (present) seen.current = present;
  const gone = !present && wanted !== null && seen.current?.reading_id === wanted && !decided.has(wanted);
  const ready = pages.first.state === 'ready';
  // The address decides which one is looked at: further back in the queue, or hidden by the filters, it is asked for by its id.
  const mine = wanted !== null && decided.has(wanted);
  const away = ready && !present && !gone && !mine ? wanted : null;
  const looked = useResource(`held one ${away}`, () => findHeld(away));
  const found = away && looked.state === 'ready' ? looked.data : null;
  const over = mine || (away !== null && looked.state === 'ready' && !found);

  const choose = (reading_id: string | undefined, how: 'push' | 'replace' = 'replace') => {
    byHand.current = true;
    route(heldAddress(filters, reading_id), how === 'replace');
  };
  // On a wide screen one is always open, and the address says which: the choice stays where it is when the list moves.
  const first = items[0]?.reading_id;
  useEffect(() => {
    if (ready && first && !wanted && window.matchMedia(WIDE).matches) route(heldAddress(filters, first), true);
  }, [ready, first, wanted]);
  useEffect(() => {
    if (ready && items.length === 0 && byHand.current) end.current?.focus();
  }, [ready, items.length, wanted]);

  const at = items.findIndex((one) => one.reading_id === wanted);
  const step = (by: 1 | -1): HeldReading | undefined =>
    items[at < 0 ? (by > 0 ? 0 : items.length - 1) : Math.max(0, Math.min(items.length - 1, at + by))];
  const move = (by: 1 | -1) => {
    const next = step(by);
    if (next && next.reading_id !== wanted) choose(next.reading_id);
  };
  useKeys({ j: () => move(1), k: () => move(-1), '?': () => setHelp(true) });

  /** The next one comes up; what was decided is gone from here at once. */
  const onDecided = (reading: HeldReading, what: string) => {
    const next = items[at + 1] ?? items[at - 1];
    setSaid(what);
    setDecided((old) => new Set([...old, reading.reading_id]));
    choose(next && next.reading_id !== reading.reading_id ? next.reading_id : undefined);
    pages.reload();
  };

  const shown = present ?? (gone ? seen.current : found);
  const beside = shown !== null || away !== null || mine;
  const filtered = Object.keys(filters).length > 0;
  return (
    <Page
      wide
      title={m.held_title()}
      actions={
        <button type="button" class="button button-quiet desk-keys" onClick={() => setHelp(true)}>
          {m.queue_keys()}
        </button>
      }
    >
      <ReadingTabs at="held" />
      <div class="desk-filters">
        <Select
          label={m.reading_medium()}
          value={filters.medium ?? ''}
          none={m.queue_any()}
          options={mediumOptions()}
          onChange={(medium) =>
            route(heldAddress({ ...without(filters, 'medium'), ...(medium && { medium: medium as Medium }) }), true)
          }
        />
        <Select
          label={m.queue_community()}
          value={filters.community_id ?? ''}
          none={m.queue_any()}
          options={[...communities].map(([value, label]) => ({ value, label }))}
          onChange={(community_id) =>
            route(heldAddress({ ...without(filters, 'community_id'), ...(community_id && { community_id }) }), true)
          }
        />
      </div>
      <p class="muted" role="status" data-testid="held-said">
        {said}
      </p>
      {pages.first.state === 'loading' && <Skeleton lines={8} />}
      {pages.first.state === 'failed' && <Failed problem={pages.first.problem} retry={pages.reload} />}
      {ready && items.length === 0 && !shown && (
        <div ref={end} class="all-good" tabIndex={-1} data-testid="queue-empty">
          <Icon name={filtered ? 'info' : 'check'} />
          <div>
            <p class="all-good-title">{filtered ? m.held_nothing_found() : m.held_nothing()}</p>
            {filtered && (
              <p>
                <a href="/held-readings">{m.held_show_all()}</a>
              </p>
            )}
          </div>
        </div>
      )}
      {ready && (items.length > 0 || beside) && (
        <div class={beside ? 'held held-open' : 'held'}>
          <HeldList
            pages={{ ...pages, items }}
            open={wanted}
            communities={communities}
            address={(reading_id) => heldAddress(filters, reading_id)}
            onArrow={(by) => {
              const next = step(by);
              if (!next) return;
              byHand.current = false;
              route(heldAddress(filters, next.reading_id), true);
              document.getElementById(heldLinkId(next.reading_id))?.focus();
            }}
            onOpen={() => {
              byHand.current = true;
            }}
          />
          {beside && (
            <div class="held-beside" data-testid="beside">
              <p class="held-steps">
                <a class="held-back" href={heldAddress(filters)}>
                  {m.held_back()}
                </a>
                <button type="button" class="button button-quiet" disabled={at <= 0} onClick={() => move(-1)}>
                  {m.held_previous()}
                </button>
                <button
                  type="button"
                  class="button button-quiet"
                  disabled={at < 0 ? items.length === 0 : at >= items.length - 1}
                  onClick={() => move(1)}
                >
                  {m.held_next()}
                </button>
              </p>
              {gone && (
                <Notice kind="warning" title={m.held_gone()}>
                  <p>{m.held_gone_text()}</p>
                </Notice>
              )}
              {over && (
                <Notice kind="warning" title={m.reading_code_decision_made()} testId="held-over">
                  <p>
                    <a href={heldAddress(filters)}>{m.held_show_all()}</a>
                  </p>
                </Notice>
              )}
              {away && !over && !found && <LoadedPart of={looked}>{() => null}</LoadedPart>}
              {shown && !gone && (
                <HeldOne
                  key={shown.reading_id}
                  reading={shown}
                  community={communities.get(shown.community_id) ?? ''}
                  focus={byHand.current}
                  onDecided={onDecided}
                  onGone={() => {
                    onDecided(shown, m.held_gone());
                  }}
                />
              )}
            </div>
          )}
        </div>
      )}
      {help && (
        <KeysDialog
          title={m.queue_keys()}
          on={keysOn.value}
          keys={[
            ['J', m.held_key_next()],
            ['K', m.held_key_previous()],
            ['A', m.held_key_accept()],
            ['R', m.held_key_reject()],
            ['?', m.queue_key_help()],
          ]}
          onSwitch={switchKeys}
          onClose={() => setHelp(false)}
        />
      )}
    </Page>
  );
}

function without(filters: Filters, name: keyof Filters): Filters {
  const { [name]: _, ...rest } = filters;
  return rest;
}
