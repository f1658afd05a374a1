import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../../api/client';
import { usePolling } from '../../api/polling';
import { Problem } from '../../api/problem';
import type { ReadingImport } from '../../api/types';
import { IMPORT_STATES } from '../../i18n/import-states';
import { m } from '../../paraglide/messages.js';
import { type Attempt, attemptKey } from '../../ui/form';
import { later } from '../../ui/later';
import { Skeleton } from '../../ui/loaded';
import { Failed, Notice } from '../../ui/notice';
import { Counter, Progress } from '../../ui/progress';
import { importAddress } from './reading-rows';

const Problems = later(() => import('./reading-import-problems'));
const Failure = later(() => import('./reading-import-failure'), 1);

interface Props {
  import_id: string;
  /** The key of the file, where the address still knows it. */
  upload: string | null;
}

const finished = ({ state }: ReadingImport) => state === 'done' || state === 'failed';

export default function ReadingImportResult({ import_id, upload }: Props) {
  const { data, problem, again } = usePolling(
    import_id,
    () => unwrap(api.GET('/reading-imports/{import_id}', { params: { path: { import_id } } })),
    finished,
  );
  if (problem && !data) return <Failed problem={problem} retry={again} />;
  if (!data) return <Skeleton lines={4} />;
  const { state, rows, done, accepted, held, duplicates, refused } = data;
  const meters = data.content === 'meters';
  const wrong = held + refused;
  return (
    <>
      {problem && <Failed problem={problem} retry={again} />}
      <h2>{data.name || m.reading_import_unnamed()}</h2>
      <div role="status" data-testid="import-state" data-state={state}>
        {state === 'done' && <Done found={data} />}
        {state === 'failed' && (
          <Notice kind="bad" title={m.reading_import_failed()}>
            {data.failure && <Failure code={data.failure} />}
          </Notice>
        )}
        {!finished(data) && <Progress label={IMPORT_STATES[state]()} done={done} total={rows} />}
      </div>
      {state !== 'failed' && (
        <dl class="counters">
          <Counter label={m.data_rows()} value={rows} testId="rows" />
          <Counter
            label={meters ? m.reading_import_installed() : m.reading_import_accepted()}
            value={accepted}
            testId="accepted"
            kind={accepted > 0 ? 'good' : undefined}
          />
          {!meters && (
            <Counter label={m.reading_import_held()} value={held} testId="held" kind={held > 0 ? 'todo' : undefined} />
          )}
          <Counter label={m.bank_duplicates()} value={duplicates} testId="duplicates" />
          <Counter
            label={m.reading_import_refused()}
            value={refused}
            testId="refused"
            kind={refused > 0 ? 'todo' : undefined}
          />
        </dl>
      )}
      {finished(data) && <Ways found={data} upload={upload} />}
      {finished(data) && wrong > 0 && <Problems found={data} count={wrong} />}
    </>
  );
}

function Done({ found }: { found: ReadingImport }) {
  const { dry_run, accepted, held, refused } = found;
  if (dry_run) {
    const nothing = accepted + held === 0;
    return (
      <Notice kind={refused + held > 0 || nothing ? 'warning' : 'good'} title={m.reading_import_dry_done()}>
        <p>{nothing ? m.reading_import_dry_nothing() : m.reading_import_dry_text()}</p>
      </Notice>
    );
  }
  if (refused + held === 0) return <Notice kind="good" title={m.reading_import_done()} />;
  return (
    <Notice kind="warning" title={m.reading_import_done_some({ count: refused + held })}>
      {held > 0 && (
        <p>
          <a href="/held-readings">{m.reading_import_decide()}</a>
        </p>
      )}
    </Notice>
  );
}

/** What can be done after it: import what was checked, or take another file. */
function Ways({ found, upload }: { found: ReadingImport; upload: string | null }) {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attempt = useRef<Attempt | null>(null);
  const { content, dry_run, state, accepted, held } = found;
  const ready = dry_run && state === 'done' && accepted + held > 0;
  const start = async () => {
    if (busy || !upload) return;
    setBusy(true);
    setProblem(null);
    try {
      const channel = found.channel === 'remote' ? ('remote' as const) : ('file' as const);
      const body = { upload, content, channel, dry_run: false };
      attempt.current = attemptKey(attempt.current, JSON.stringify(body));
      const { import_id } = await unwrap(
        api.POST('/reading-imports', { headers: { 'Idempotency-Key': attempt.current.key }, body }),
      );
      route(importAddress(import_id, upload));
    } catch (error) {
      setProblem(Problem.of(error));
      setBusy(false);
    }
  };
  return (
    <>
      {problem && <Failed problem={problem} />}
      {ready && !upload && <p>{m.reading_import_file_gone()}</p>}
      <div class="form-actions">
        {ready && upload && (
          <button
            type="button"
            class="button button-main"
            aria-disabled={busy}
            data-busy={busy || undefined}
            onClick={() => void start()}
          >
            {content === 'meters'
              ? m.reading_import_real_meters({ count: accepted })
              : m.reading_import_real({ count: accepted + held })}
          </button>
        )}
        <a class="button" href="/reading-imports">
          {m.data_again()}
        </a>
      </div>
    </>
  );
}
