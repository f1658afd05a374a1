import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { Consumption, MeterItem } from '../api/types';
import { date, today } from '../i18n/format';
import { MEDIA, type Medium } from '../i18n/meter-words';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { PrintButton } from '../ui/facts';
import { Icon } from '../ui/icon';
import { LoadedPage } from '../ui/loaded';
import { Page } from '../ui/page';
import { UseChart } from './parts/meter-chart';
import { type Flat, FlatTabs, flatAddress, loadFlats, loadMeters } from './parts/meter-flats';
import { lastMonths, sumMonths } from './parts/meter-months';
import '../styles/meters.css';

/** What a home uses month by month, of each medium, against the year before. */
export default function MeterUse() {
  const { query } = useLocation();
  const { person, organisation } = currentMe();
  const key = `use ${person.person_id} ${query.unit ?? ''} ${query.community ?? ''}`;
  const loaded = useResource(key, async () => {
    const { flats, flat } = await loadFlats(query);
    const meters = flat ? await loadMeters(flat) : [];
    const period = lastMonths(today(organisation.time_zone));
    const uses = await Promise.all(
      meters.map(({ meter_id }) =>
        unwrap(
          api.GET('/meters/{meter_id}/consumption', {
            params: { path: { meter_id }, query: { ...period, by: 'month' } },
          }),
        ),
      ),
    );
    return { flats, flat, meters, uses };
  });
  return (
    <LoadedPage of={loaded} title={m.meter_consumption()}>
      {(data) => <Loaded {...data} />}
    </LoadedPage>
  );
}

interface Props {
  flats: Flat[];
  flat: Flat | undefined;
  meters: MeterItem[];
  uses: Consumption[];
}

function Loaded({ flats, flat, meters, uses }: Props) {
  const { organisation } = currentMe();
  const media = (Object.keys(MEDIA) as Medium[]).filter((medium) => meters.some((meter) => meter.medium === medium));
  return (
    <Page
      title={m.meter_consumption()}
      above={<a href={flatAddress('/meters', flat)}>{m.meter_nav()}</a>}
      lead={media.length > 0 && m.meter_use_lead()}
      actions={
        media.length > 0 && (
          <PrintButton>
            <Icon name="print" />
            {m.print_action()}
          </PrintButton>
        )
      }
    >
      <FlatTabs flats={flats} flat={flat} path="/meters/use" />
      <p class="print-only" data-testid="printed">
        {[flat?.name, m.meter_printed({ date: date(today(organisation.time_zone)) })].filter(Boolean).join(' · ')}
      </p>
      {media.length === 0 && <p class="empty">{m.meter_none()}</p>}
      {media.map((medium) => {
        const parts = uses.filter((use) => use.medium === medium);
        return (
          <section key={medium} class="section" aria-labelledby={`use-${medium}`} data-testid="use-of">
            <h2 id={`use-${medium}`}>{MEDIA[medium]()}</h2>
            <p class="print-only" data-testid="printed-meters">
              {meters
                .filter((meter) => meter.medium === medium)
                .map((meter) => [m.meter_number({ number: meter.number }), meter.place].filter(Boolean).join(', '))
                .join(' · ')}
            </p>
            <UseChart name={MEDIA[medium]()} unit={parts[0]?.unit ?? ''} months={sumMonths(parts)} />
          </section>
        );
      })}
    </Page>
  );
}
