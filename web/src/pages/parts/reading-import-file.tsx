import { useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { upload } from '../../api/upload';
import { m } from '../../paraglide/messages.js';
import { type Attempt, attemptKey } from '../../ui/form';
import { Failed } from '../../ui/notice';
import { Progress } from '../../ui/progress';
import { importAddress } from './reading-rows';
import { Select } from './select';

type Kind = 'readings' | 'remote' | 'meters';

/** A file is always checked first; that keeps nothing. */
export default function ReadingImportFile() {
  const { route } = useLocation();
  const id = useId();
  const [kind, setKind] = useState<Kind>('readings');
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const attempt = useRef<Attempt | null>(null);
  const sent = useRef<{ file: File; key: string } | null>(null);

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
      // After a refusal the file that has arrived is not sent again.
      if (sent.current?.file !== file) sent.current = { file, key: await upload(file, 'meters', setShare) };
      const { key } = sent.current;
      const body = {
        upload: key,
        content: kind === 'meters' ? ('meters' as const) : ('readings' as const),
        channel: kind === 'remote' ? ('remote' as const) : ('file' as const),
        dry_run: true,
      };
      attempt.current = attemptKey(attempt.current, JSON.stringify(body));
      const { import_id } = await unwrap(
        api.POST('/reading-imports', { headers: { 'Idempotency-Key': attempt.current.key }, body }),
      );
      route(importAddress(import_id, key));
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
      <Select
        label={m.reading_import_what()}
        value={kind}
        options={[
          { value: 'readings', label: m.reading_import_readings() },
          { value: 'remote', label: m.reading_import_remote() },
          { value: 'meters', label: m.reading_import_meters() },
        ]}
        onChange={(chosen) => setKind(chosen as Kind)}
      />
      <div class={missing ? 'field field-wrong' : 'field'}>
        <label for={id}>{m.data_file()}</label>
        <p class="hint" id={`${id}-hint`}>
          {m.reading_import_hint()}
        </p>
        {missing && (
          <p class="field-error" id={`${id}-error`} role="alert">
            {m.data_file_wanted()}
          </p>
        )}
        <input
          ref={input}
          id={id}
          class="file"
          type="file"
          accept=".csv,.txt,.xlsx"
          aria-describedby={missing ? `${id}-error ${id}-hint` : `${id}-hint`}
          aria-invalid={missing || undefined}
          onChange={(event) => {
            setFile(event.currentTarget.files?.[0] ?? null);
            setMissing(false);
          }}
        />
      </div>
      <Columns meters={kind === 'meters'} />
      <div class="form-actions">
        <button
          type="submit"
          class="button button-main"
          aria-disabled={share !== null}
          data-busy={share !== null || undefined}
        >
          {m.reading_import_check()}
        </button>
      </div>
      <p class="hint">{m.reading_import_check_hint()}</p>
      {share !== null && (
        <div role="status">
          <Progress label={m.bank_sending({ name: file?.name ?? '' })} done={share} total={1} />
        </div>
      )}
    </form>
  );
}

const OF_READINGS = [
  m.reading_column_number,
  m.reading_column_date,
  m.reading_column_values,
  m.reading_column_estimated,
];
const OF_METERS = [
  m.reading_column_number,
  m.reading_column_medium,
  m.reading_column_where,
  m.reading_column_place,
  m.reading_column_counter,
  m.reading_column_multiplier,
  m.reading_column_flow,
  m.reading_column_installed,
  m.reading_column_verified,
  m.reading_column_parent,
  m.reading_column_id,
];

const NAME = /(?<=^|[\s(])([a-z]+(?:_[a-z]+)+)/;

/** A column's words; the names that stand in the file are the same in every language. */
const withNames = (text: string) =>
  text.split(NAME).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} translate={false}>
        {part}
      </code>
    ),
  );

function Columns({ meters }: { meters: boolean }) {
  return (
    <details class="desk-more">
      <summary>{m.reading_columns()}</summary>
      <ul class="plain-rows">
        {(meters ? OF_METERS : OF_READINGS).map((text, index) => (
          <li key={index}>{withNames(text())}</li>
        ))}
      </ul>
    </details>
  );
}
