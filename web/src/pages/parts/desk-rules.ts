import type { Status } from '../../i18n/desk-words';

export const OPEN: Status[] = ['new', 'accepted', 'in_progress', 'waiting_for_tenant', 'waiting_for_supplier'];
export const ENDED: Status[] = ['done', 'closed', 'declined'];

export const isOpen = (status: string): boolean => OPEN.includes(status as Status);

/** Where staff may move a ticket by hand: the server decides, this only keeps what it would refuse from being offered. */
export function movesFrom(status: string): Status[] {
  if (!isOpen(status)) return ['in_progress'];
  return [...OPEN, ...ENDED].filter((one) => one !== 'new' && one !== status);
}

/** What a step asks for: a result or reason that has to be there, a remark that may be, or nothing. */
export function textOf(from: string, to: Status): 'result' | 'reason' | 'remark' | null {
  if (to === 'done') return 'result';
  if (to === 'closed' || to === 'declined' || !isOpen(from)) return 'reason';
  return to === 'waiting_for_tenant' ? 'remark' : null;
}

/** Steps that end a ticket without the thing being done: asked for once more. */
export const needsConfirming = (to: Status): boolean => to === 'closed' || to === 'declined';
