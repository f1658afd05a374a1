import { Problem } from '../../api/problem';
import type { Ticket } from '../../api/types';

/** Changes the ticket upon the version that is shown. A 409 has been told already when it is thrown; the rest is the caller's to tell. */
export type ChangeTicket = (body: {
  status?: Ticket['abilities']['statuses'][number];
  assignee_id?: string | null;
  supplier_id?: string | null;
  category?: string;
  type?: Ticket['type'];
  due_at?: string;
  emergency?: boolean;
  incident_id?: string | null;
  text?: string;
}) => Promise<void>;

/** The problem to tell; null where somebody was quicker, which the page itself tells. */
export function toldElsewhere(error: unknown): Problem | null {
  const problem = Problem.of(error);
  return problem.status === 409 ? null : problem;
}
