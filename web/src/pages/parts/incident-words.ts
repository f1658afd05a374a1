import type { Incident } from '../../api/types';
import { m } from '../../paraglide/messages.js';

export const INCIDENT_KINDS: Record<Incident['kind'], () => string> = {
  outage: m.incident_outage,
  planned_work: m.incident_planned_work,
};
