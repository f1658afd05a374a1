import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Desk } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { later } from '../../ui/later';
import { Failed } from '../../ui/notice';
import { type Filters, filtersOf, queueAddress } from './queue-filters';

const ViewNaming = later(() => import('./view-naming'));

type View = Desk['views'][number];

/** Filters in one form, so that two that mean the same are the same. */
const mark = (filters: Filters) => JSON.stringify(Object.entries(filters).sort());

interface Props {
  views: View[];
  filters: Filters;
  onSaved: (views: View[]) => void;
}

/** The reader's own views of the queue: to open, to keep the present one, to let one go. */
export function QueueViews({ views, filters, onSaved }: Props) {
  const [naming, setNaming] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const here = mark(filters);
  const kept = views.find((view) => mark(filtersOf(view.query)) === here);
  const save = (wanted: View[]) =>
    unwrap(api.PUT('/ticket-desk/views', { body: { views: wanted } })).then((desk) => onSaved(desk.views));
  const remove = () => {
    setProblem(null);
    save(views.filter((view) => view !== kept)).catch((error) => setProblem(Problem.of(error)));
  };
  return (
    <nav class="desk-views" aria-label={m.queue_views()}>
      <ul>
        <li>
          <a href="/queue" aria-current={Object.keys(filters).length === 0 ? 'true' : undefined}>
            {m.queue_view_open()}
          </a>
        </li>
        {views.map((view) => (
          <li key={view.name}>
            <a href={queueAddress(filtersOf(view.query))} aria-current={view === kept ? 'true' : undefined}>
              {view.name}
            </a>
          </li>
        ))}
      </ul>
      {!kept && Object.keys(filters).length > 0 && (
        <button type="button" class="button button-quiet" onClick={() => setNaming(true)}>
          {m.queue_view_save()}
        </button>
      )}
      {kept && (
        <button type="button" class="button button-quiet" onClick={remove}>
          {m.queue_view_remove({ name: kept.name })}
        </button>
      )}
      {problem && <Failed problem={problem} />}
      {naming && (
        <ViewNaming
          title={m.queue_view_save()}
          taken={views.map((view) => view.name)}
          save={(name) => save([...views, { name, query: filters as View['query'] }])}
          onClose={() => setNaming(false)}
        />
      )}
    </nav>
  );
}
