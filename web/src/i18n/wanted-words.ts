import type { TicketItem } from '../api/types';
import { m } from '../paraglide/messages.js';

/** What a reporter is asked for while his report waits for him. */
export type Wanted = NonNullable<TicketItem['wanted']>;

interface Asking {
  /** What his home says. */
  home: () => string;
  /** What his report says. */
  title: () => string;
  /** What he does about it. */
  action: () => string;
}

export const WANTED: Record<Wanted, Asking> = {
  answer: { home: m.home_answer, title: m.ticket_question_title, action: m.home_answer_action },
  document: { home: m.home_document, title: m.ticket_document_title, action: m.home_document_action },
  photo: { home: m.home_photo, title: m.ticket_photo_title, action: m.home_photo_action },
};

/** What a waiting report is waiting for. */
export const askingOf = ({ wanted }: Pick<TicketItem, 'wanted'>): Asking => WANTED[wanted ?? 'answer'];
