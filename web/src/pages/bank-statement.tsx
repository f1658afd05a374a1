import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePolling } from '../api/polling';
import type { BankStatement } from '../api/types';
import { fileText } from '../i18n/bank-codes';
import { IMPORT_STATES } from '../i18n/import-states';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Skeleton } from '../ui/loaded';
import { InstantText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { Counter, Progress } from '../ui/progress';
import { type Column, Table } from '../ui/table';

const finished = ({ state }: BankStatement) => state === 'done' || state === 'failed';

export default function BankStatementPage() {
  const import_id = useRoute().params.import_id ?? '';
  const { data, problem, again } = usePolling(
    import_id,
    () => unwrap(api.GET('/bank-statements/{import_id}', { params: { path: { import_id } } })),
    finished,
  );
  if (!isStaff() || problem?.code === 'not_found') return <NotFound />;
  return (
    <Page
      title={data ? m.bank_title({ name: data.name }) : m.bank_title_plain()}
      above={<a href="/bank-statements">{m.nav_bank_statements()}</a>}
      lead={data && <InstantText at={data.created_at} />}
    >
      {problem && <Failed problem={problem} retry={again} />}
      {data ? <Result statement={data} /> : !problem && <Skeleton lines={5} />}
    </Page>
  );
}

function Result({ statement }: { statement: BankStatement }) {
  const { state, transactions, matched, unmatched, duplicates, ignored } = statement;
  return (
    <>
      <div role="status" data-testid="import-state" data-state={state}>
        {state === 'done' && <Done statement={statement} />}
        {(state === 'queued' || state === 'running') && <Running statement={statement} />}
        {state === 'failed' && (
          <Notice kind="bad" title={m.bank_failed_title()}>
            <p>{m.bank_failed_text()}</p>
          </Notice>
        )}
      </div>
      {state !== 'failed' && (
        <dl class="counters">
          <Counter label={m.bank_transactions()} value={transactions} testId="transactions" />
          <Counter label={m.bank_matched()} value={matched} testId="matched" kind={matched > 0 ? 'good' : undefined} />
          <Counter
            label={m.bank_unmatched()}
            value={unmatched}
            testId="unmatched"
            kind={unmatched > 0 ? 'todo' : undefined}
          />
          <Counter label={m.bank_duplicates()} value={duplicates} testId="duplicates" />
          {ignored > 0 && <Counter label={m.bank_ignored()} value={ignored} testId="ignored" />}
        </dl>
      )}
      <Errors errors={statement.errors} />
      {finished(statement) && (
        <p class="form-actions">
          {unmatched > 0 && (
            <a class="button button-main" href="/unmatched-transfers">
              {m.home_assign()}
            </a>
          )}
          <a class="button" href="/bank-statements">
            {m.bank_another()}
          </a>
        </p>
      )}
    </>
  );
}

function Done({ statement }: { statement: BankStatement }) {
  const { transactions, matched, unmatched, duplicates, first_import_id: first } = statement;
  if (first) {
    return (
      <Notice kind="info" title={m.bank_seen_title()}>
        <p>
          {m.bank_seen_text()} <a href={`/bank-statements/${first}`}>{m.bank_seen_link()}</a>
        </p>
      </Notice>
    );
  }
  if (transactions > 0 && duplicates === transactions) {
    return (
      <Notice kind="info" title={m.bank_seen_title()}>
        <p>{m.bank_seen_text()}</p>
      </Notice>
    );
  }
  if (unmatched > 0) return <Notice kind="warning" title={m.bank_done_some({ count: unmatched })} />;
  return <Notice kind="good" title={m.bank_done_all({ count: matched })} />;
}

function Running({ statement }: { statement: BankStatement }) {
  const { state, transactions, matched, unmatched, duplicates, ignored } = statement;
  return (
    <Progress label={IMPORT_STATES[state]()} done={matched + unmatched + duplicates + ignored} total={transactions} />
  );
}

function Errors({ errors }: { errors: BankStatement['errors'] }) {
  if (errors.length === 0) return null;
  const columns: Column<BankStatement['errors'][number]>[] = [
    {
      id: 'line',
      header: m.bank_line(),
      head: true,
      cell: (row) => (row.line === null ? m.bank_whole_file() : row.line),
    },
    { id: 'what', header: m.bank_what_is_wrong(), cell: (row) => fileText(row.code) },
  ];
  return (
    <section class="section" aria-labelledby="errors">
      <h2 id="errors">{m.bank_errors()}</h2>
      <Table
        caption={m.bank_errors()}
        hideCaption
        columns={columns}
        rows={errors}
        rowKey={(row) => `${row.line} ${row.code}`}
        rowTestId="import-error"
      />
    </section>
  );
}
