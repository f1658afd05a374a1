import { useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { usePages } from '../api/resource';
import type { BankStatement } from '../api/types';
import { upload } from '../api/upload';
import { IMPORT_STATES } from '../i18n/import-states';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Status } from '../ui/facts';
import { attemptKey } from '../ui/form';
import { InstantText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Failed } from '../ui/notice';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';

const KINDS = '.xml,.sta,.mt940,.940,.txt,.ocr,.dat,.swi,.fin';

export default function BankStatements() {
  if (!isStaff()) return <NotFound />;
  return (
    <Page wide title={m.nav_bank_statements()} lead={m.bank_lead()}>
      <ImportFile />
      <section class="section" aria-labelledby="earlier">
        <h2 id="earlier">{m.bank_earlier()}</h2>
        <Imports />
      </section>
    </Page>
  );
}

type Step = { name: 'choose' } | { name: 'sending'; share: number } | { name: 'failed'; problem: Problem };

function ImportFile() {
  const { route } = useLocation();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [step, setStep] = useState<Step>({ name: 'choose' });
  const [missing, setMissing] = useState(false);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const attempt = useRef<{ body: string; key: string } | null>(null);
  const sending = step.name === 'sending';

  const choose = (chosen: File | null | undefined) => {
    setFile(chosen ?? null);
    setMissing(false);
    setStep({ name: 'choose' });
  };

  const send = async () => {
    if (sending) return;
    if (!file) {
      setMissing(true);
      input.current?.focus();
      return;
    }
    setStep({ name: 'sending', share: 0 });
    try {
      const key = await upload(file, 'bank_statement', (share) => setStep({ name: 'sending', share }));
      attempt.current = attemptKey(attempt.current, key);
      const { import_id } = await unwrap(
        api.POST('/bank-statements', { headers: { 'Idempotency-Key': attempt.current.key }, body: { upload: key } }),
      );
      route(`/bank-statements/${import_id}`);
    } catch (error) {
      setStep({ name: 'failed', problem: Problem.of(error) });
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
      {step.name === 'failed' && <Failed problem={step.problem} />}
      <fieldset
        class={over ? 'file-drop file-drop-over' : 'file-drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          choose(event.dataTransfer?.files[0]);
          if (input.current && event.dataTransfer) input.current.files = event.dataTransfer.files;
        }}
      >
        <legend class="hidden">{m.home_import()}</legend>
        <div class={missing ? 'field field-wrong' : 'field'}>
          <label for={id}>{m.bank_file()}</label>
          <p class="hint" id={`${id}-hint`}>
            {m.bank_file_hint()}
          </p>
          {missing && (
            <p class="field-error" id={`${id}-error`} role="alert">
              {m.bank_file_wanted()}
            </p>
          )}
          <input
            ref={input}
            id={id}
            type="file"
            name="file"
            accept={KINDS}
            aria-describedby={missing ? `${id}-error ${id}-hint` : `${id}-hint`}
            aria-invalid={missing || undefined}
            onChange={(event) => choose(event.currentTarget.files?.[0])}
          />
        </div>
        <button type="submit" class="button button-main" aria-disabled={sending} data-busy={sending || undefined}>
          {m.bank_import_action()}
        </button>
        {sending && (
          <div class="progress" role="status">
            <label for={`${id}-sending`}>{m.bank_sending({ name: file?.name ?? '' })}</label>
            <progress id={`${id}-sending`} max={1} value={step.share} />
          </div>
        )}
      </fieldset>
    </form>
  );
}

const STATE_KIND = { queued: 'plain', running: 'part', done: 'good', failed: 'bad' } as const;

function Imports() {
  const pages = usePages('bank-statements', (cursor) =>
    unwrap(api.GET('/bank-statements', { params: { query: cursor ? { cursor } : {} } })),
  );
  const number = (id: keyof BankStatement & ('matched' | 'unmatched' | 'duplicates'), header: string) => ({
    id,
    header,
    numeric: true,
    cell: (row: BankStatement) => <span class="figures">{row[id]}</span>,
  });
  const columns: Column<BankStatement>[] = [
    {
      id: 'name',
      header: m.bank_name(),
      head: true,
      cell: (row) => <a href={`/bank-statements/${row.import_id}`}>{row.name}</a>,
    },
    { id: 'created', header: m.bank_created(), cell: (row) => <InstantText at={row.created_at} /> },
    {
      id: 'state',
      header: m.charge_status(),
      cell: (row) => <Status kind={STATE_KIND[row.state]}>{IMPORT_STATES[row.state]()}</Status>,
    },
    number('matched', m.bank_matched()),
    number('unmatched', m.bank_unmatched()),
    number('duplicates', m.bank_duplicates()),
  ];
  return (
    <ListTable
      caption={m.bank_earlier()}
      hideCaption
      columns={columns}
      pages={pages}
      rowKey={(row) => row.import_id}
      rowTestId="import-row"
      empty={m.home_no_imports()}
    />
  );
}
