import type { Tray } from '../../api/tray';
import type { CategoryNode, TicketSettings } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import type { FormState } from '../../ui/form';
import { Page } from '../../ui/page';
import { nameOf, problemGroups } from './categories';
import type { Draft } from './draft';
import { Emergency } from './emergency';
import { Files } from './files';

interface PlacesProps {
  settings: TicketSettings;
  tray: Tray;
  form: FormState<Draft>;
  to: (place: CategoryNode) => string;
}

/** The first screen: whoever is in danger finds the numbers before anything else; photo first for those who like; the places. */
export function ReportPlaces({ settings, tray, form, to }: PlacesProps) {
  return (
    <Page key="places" title={m.report_title()}>
      <Emergency form={form} settings={settings} />
      <Files tray={tray} hint={m.report_photo_first()} />
      <ul class="tiles">
        {settings.categories.map((place) => (
          <li key={place.code}>
            <a class="tile" href={to(place)} data-testid="place">
              {nameOf(place.names)}
            </a>
          </li>
        ))}
      </ul>
    </Page>
  );
}

interface ProblemsProps {
  place: CategoryNode;
  to: (problem: CategoryNode) => string;
  back: string;
}

export function ReportProblems({ place, to, back }: ProblemsProps) {
  return (
    <Page
      key="problems"
      title={m.report_problem_title({ place: nameOf(place.names) })}
      above={<a href={back}>{m.report_back_place()}</a>}
    >
      {problemGroups(place).map(({ group, problems }) => (
        <section key={group?.code ?? ''} class="tile-group" aria-labelledby={group ? `group-${group.code}` : undefined}>
          {group && <h2 id={`group-${group.code}`}>{nameOf(group.names)}</h2>}
          <ul class="tiles">
            {problems.map((problem) => (
              <li key={problem.code}>
                <a class="tile" href={to(problem)} data-testid="problem">
                  {nameOf(problem.names)}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}
