import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Desk } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon';
import { Failed, Notice } from '../../ui/notice';
import { Area, Input } from './select';

interface Props {
  answers: Desk['answers'];
  /** The one that was read; somebody else's change in the meantime is told instead of written over. */
  version: number;
  onSaved: () => void;
}

const MOST = 60;

/** Ready answers of the organisation, which everybody at the desk can put into a reply. */
export function AnswersEditor({ answers, version, onSaved }: Props) {
  // Rows keep an own number, so that removing one does not move what is typed into another.
  const [rows, setRows] = useState(() => answers.map((one, id) => ({ id, ...one })));
  const [next, setNext] = useState(answers.length);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = (id: number, news: Partial<Desk['answers'][number]>) =>
    setRows((all) => all.map((row) => (row.id === id ? { ...row, ...news } : row)));
  const save = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const incomplete = rows.some((row) => !row.title.trim() || !row.text.trim());
    setMissing(incomplete);
    if (incomplete) return;
    setBusy(true);
    setProblem(null);
    const body = { version, answers: rows.map(({ title, text }) => ({ title: title.trim(), text: text.trim() })) };
    unwrap(api.PUT('/ticket-desk/answers', { body })).then(onSaved, (error) => {
      setBusy(false);
      setProblem(Problem.of(error));
    });
  };
  return (
    <form onSubmit={save} noValidate data-testid="answers">
      <p class="muted">{m.queue_answers_lead()}</p>
      {problem && <Failed problem={problem} />}
      {missing && <Notice kind="bad" title={m.queue_answers_wanted()} />}
      {rows.map((row) => (
        <fieldset key={row.id} class="plain-group" data-testid="answer">
          <legend class="hidden">{row.title || m.queue_answer_new()}</legend>
          <Input
            label={m.queue_answer_title()}
            value={row.title}
            maxLength={80}
            onInput={(title) => change(row.id, { title })}
          />
          <Area label={m.queue_answer_text()} value={row.text} onInput={(text) => change(row.id, { text })} />
          <p>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => setRows((all) => all.filter((one) => one.id !== row.id))}
            >
              {m.queue_remove()}
              <span class="hidden"> {row.title}</span>
            </button>
          </p>
        </fieldset>
      ))}
      {rows.length === 0 && <p class="empty">{m.queue_answers_none()}</p>}
      <div class="form-actions">
        <button type="submit" class="button button-main" aria-disabled={busy} data-busy={busy || undefined}>
          {m.save_action()}
        </button>
        {rows.length < MOST && (
          <button
            type="button"
            class="button"
            onClick={() => {
              setRows((all) => [...all, { id: next, title: '', text: '' }]);
              setNext(next + 1);
            }}
          >
            <Icon name="plus" />
            {m.queue_answer_new()}
          </button>
        )}
      </div>
    </form>
  );
}
