import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePolling } from '../api/polling';
import { Problem } from '../api/problem';
import type { LedgerImport, PortfolioImport } from '../api/types';
import { upload } from '../api/upload';
import { dataText } from '../i18n/data-codes';
import { IMPORT_STATES } from '../i18n/import-states';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { attemptKey } from '../ui/form';
import { Skeleton } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { Counter, Progress } from '../ui/progress';
import { type Column, Table } from '../ui/table';

type Kind = 'portfolio' | 'ledger';
type Import = PortfolioImport | LedgerImport;

/** Staff load a portfolio or the charges of earlier times. What is under way stands in the address, so that a reload finds it. */
export default function DataImport() {
  const { query } = useLocation();
  if (!isStaff()) return <NotFound />;
  const kind: Kind = query.kind === 'ledger' ? 'ledger' : 'portfolio';
  return (
    <Page title={m.data_title()} lead={m.data_lead()}>
      {query.import ? <Result key={query.import} kind={kind} import_id={query.import} /> : <Choose />}
    </Page>
  );
}

async function start(kind: Kind, key: string, idempotencyKey: string): Promise<string> {
  const asked = { headers: { 'Idempotency-Key': idempotencyKey }, body: { upload: key } };
  const answer = await unwrap(kind === 'ledger' ? api.POST('/ledger-imports', asked) : api.POST('/imports', asked));
  return answer.import_id;
}

function Choose() {
  const { route } = useLocation();
  const [kind, setKind] = useState<Kind>('portfolio');
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const attempt = useRef<{ body: string; key: string } | null>(null);
  const send = async () => {
    if (share !== null) return;
    if (!file) {
      setMissing(true);
      input.current?.focus();
      return;
    }
    setProblem(null);
    setShare(0);
    try {
      const key = await upload(file, kind, setShare);
      attempt.current = attemptKey(attempt.current, key);
      route(`/data-import?kind=${kind}&import=${await start(kind, key, attempt.current.key)}`);
    } catch (error) {
      setProblem(Problem.of(error));
      setShare(null);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {problem && <Failed problem={problem} />}
      <div class="field">
        <label for="data-kind">{m.data_what()}</label>
        <select
          id="data-kind"
          class="control"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        >
          <option value="portfolio">{m.data_portfolio()}</option>
          <option value="ledger">{m.data_ledger()}</option>
        </select>
      </div>
      <div class={missing ? 'field field-wrong' : 'field'}>
        <label for="data-file">{m.data_file()}</label>
        {missing && (
          <p class="field-error" id="data-file-error" role="alert">
            {m.data_file_wanted()}
          </p>
        )}
        <input
          ref={input}
          id="data-file"
          class="file"
          type="file"
          accept={kind === 'ledger' ? '.csv,.zip' : '.zip'}
          aria-describedby={missing ? 'data-file-error' : undefined}
          aria-invalid={missing || undefined}
          onChange={(event) => {
            setFile(event.currentTarget.files?.[0] ?? null);
            setMissing(false);
          }}
        />
      </div>
      <div class="form-actions">
        <button type="submit" class="button button-main" data-busy={share !== null || undefined}>
          {m.bank_import_action()}
        </button>
      </div>
      {share !== null && (
        <div role="status">
          <Progress label={m.bank_sending({ name: file?.name ?? '' })} done={share} total={1} />
        </div>
      )}
    </form>
  );
}

function load(kind: Kind, import_id: string): Promise<Import> {
  const params = { params: { path: { import_id } } };
  if (kind === 'ledger') return unwrap(api.GET('/ledger-imports/{import_id}', params));
  return unwrap(api.GET('/imports/{import_id}', params));
}

function Result({ kind, import_id }: { kind: Kind; import_id: string }) {
  const { data, problem, again } = usePolling(
    import_id,
    () => load(kind, import_id),
    ({ state }) => state === 'done' || state === 'failed',
  );
  if (problem) return <Failed problem={problem} retry={again} />;
  if (!data) return <Skeleton lines={4} />;
  const { state, rows, done, created, unchanged, errors } = data;
  return (
    <>
      <div role="status" data-testid="import-state" data-state={state}>
        {state === 'done' && <Notice kind="good" title={m.data_done()} />}
        {state === 'failed' && <Notice kind="bad" title={m.data_failed()} />}
        {(state === 'queued' || state === 'running') && (
          <Progress label={IMPORT_STATES[state]()} done={done} total={rows} />
        )}
      </div>
      {state !== 'failed' && (
        <dl class="counters">
          <Counter label={m.data_rows()} value={rows} testId="rows" />
          <Counter label={m.data_created()} value={created} testId="created" />
          {'changed' in data && <Counter label={m.data_changed()} value={data.changed} testId="changed" />}
          <Counter label={m.data_unchanged()} value={unchanged} testId="unchanged" />
        </dl>
      )}
      <Errors errors={errors} />
      {'more_errors' in data && data.more_errors && <p>{m.data_more_errors()}</p>}
      {(state === 'done' || state === 'failed') && (
        <p>
          <a class="button" href="/data-import">
            {m.data_again()}
          </a>
        </p>
      )}
    </>
  );
}

function Errors({ errors }: { errors: Import['errors'] }) {
  if (errors.length === 0) return null;
  const columns: Column<Import['errors'][number]>[] = [
    { id: 'file', header: m.data_file(), head: true, cell: (row) => row.file },
    { id: 'line', header: m.bank_line(), cell: (row) => (row.line > 0 ? row.line : m.bank_whole_file()) },
    { id: 'field', header: m.data_field(), cell: (row) => row.field },
    { id: 'what', header: m.bank_what_is_wrong(), cell: (row) => dataText(row.code) },
  ];
  return (
    <section class="section" aria-labelledby="errors">
      <h2 id="errors">{m.bank_errors()}</h2>
      <Table
        caption={m.bank_errors()}
        hideCaption
        columns={columns}
        rows={errors}
        rowKey={(row) => `${row.file} ${row.line} ${row.field} ${row.code}`}
        rowTestId="import-error"
      />
    </section>
  );
}
