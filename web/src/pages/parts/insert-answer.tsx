import { useState } from 'preact/hooks';
import type { Desk } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Select } from './select';

export const joined = (text: string, more: string): string => (text.trim() ? `${text.trimEnd()}\n\n${more}` : more);

/** A ready answer put into what is being written. */
export function InsertAnswer({ answers, onInsert }: { answers: Desk['answers']; onInsert: (text: string) => void }) {
  // Shown anew after each choice, so that the same answer can be put in again.
  const [round, setRound] = useState(0);
  if (answers.length === 0) return null;
  return (
    <Select
      key={round}
      label={m.queue_insert_answer()}
      value=""
      none={m.queue_insert_choose()}
      options={answers.map((one, index) => ({ value: String(index), label: one.title }))}
      onChange={(chosen) => {
        const answer = answers[Number(chosen)];
        if (chosen !== '' && answer) onInsert(answer.text);
        setRound(round + 1);
      }}
    />
  );
}
