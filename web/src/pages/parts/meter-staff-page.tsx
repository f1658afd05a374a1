import type { ComponentChildren } from 'preact';
import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { Meter } from '../../api/types';
import '../../i18n/reading-codes';
import { mediumText } from '../../i18n/reading-media';
import { m } from '../../paraglide/messages.js';
import { isStaff } from '../../session/session';
import { LoadedPage } from '../../ui/loaded';
import { NotFound } from '../../ui/not-found';
import { Page } from '../../ui/page';

interface Props {
  meter_id: string;
  title: string;
  wide?: boolean;
  /** Who sees a meter of the common parts sees this of it: the board its balance. */
  forAll?: boolean;
  actions?: ComponentChildren;
  children: (meter: Meter) => ComponentChildren;
}

/** A page that is about one meter, for staff who do something to it. */
export function MeterStaffPage({ meter_id, title, wide, forAll, actions, children }: Props) {
  return forAll || isStaff() ? (
    <Loaded meter_id={meter_id} title={title} wide={wide} actions={actions}>
      {children}
    </Loaded>
  ) : (
    <NotFound />
  );
}

function Loaded({ meter_id, title, wide, actions, children }: Props) {
  const meter = useResource(`meter ${meter_id}`, () =>
    unwrap(api.GET('/meters/{meter_id}', { params: { path: { meter_id } } })),
  );
  return (
    <LoadedPage of={meter} title={title}>
      {(data) =>
        data.unit_id && !isStaff() ? (
          <NotFound />
        ) : (
          <Page
            title={title}
            wide={wide}
            actions={actions}
            above={
              <a href={`/meters/${meter_id}`}>
                {[mediumText(data.medium), data.number, data.unit_label && m.held_unit({ unit: data.unit_label })]
                  .filter(Boolean)
                  .join(', ')}
              </a>
            }
          >
            {children(data)}
          </Page>
        )
      }
    </LoadedPage>
  );
}
