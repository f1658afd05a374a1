import type { Status } from '../../i18n/desk-words';
import type { STEP_NEEDS } from '../../i18n/step-words';
import type { Wanted } from '../../i18n/wanted-words';

/** What is said with a step, and what is asked for by that of asking. */
export interface StepWords {
  text?: string;
  wanted?: Wanted;
}

export const OPEN: Status[] = ['new', 'accepted', 'in_progress', 'waiting_for_tenant', 'waiting_for_supplier'];
export const ENDED: Status[] = ['done', 'closed', 'declined'];

export const isOpen = (status: string): boolean => OPEN.includes(status as Status);

/** Where staff may move a ticket by hand. The server decides; this keeps what it would refuse from being offered, and a test holds it to the server's table. */
// biome-ignore format: a table is read by its rows.
const MOVES: Record<Status, Status[]> = {
  new: ['accepted', 'in_progress', 'waiting_for_tenant', 'waiting_for_supplier', 'done', 'closed', 'declined'],
  accepted: ['in_progress', 'waiting_for_tenant', 'waiting_for_supplier', 'done', 'closed', 'declined'],
  in_progress: ['accepted', 'waiting_for_tenant', 'waiting_for_supplier', 'done', 'closed', 'declined'],
  waiting_for_tenant: ['accepted', 'in_progress', 'waiting_for_supplier', 'done', 'closed', 'declined'],
  waiting_for_supplier: ['accepted', 'in_progress', 'waiting_for_tenant', 'done', 'closed', 'declined'],
  done: ['in_progress'],
  closed: ['in_progress'],
  declined: ['in_progress'],
};

export const movesFrom = (status: string): Status[] => MOVES[status as Status] ?? [];

/** What a step has to be said with: a result, a reason, what the tenant is asked, or nothing. */
export function textOf(from: string, to: Status): keyof typeof STEP_NEEDS | null {
  if (to === 'done') return 'result';
  if (to === 'closed' || to === 'declined' || !isOpen(from)) return 'reason';
  return to === 'waiting_for_tenant' ? 'question' : null;
}

/** Steps that end a ticket without the thing being done: asked for once more. */
export const needsConfirming = (to: Status): boolean => to === 'closed' || to === 'declined';
