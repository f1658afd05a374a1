import type { HeldReading } from '../../api/types';
import { m } from '../../paraglide/messages.js';

/** Where a reading belongs: its unit, else the place or the community's common parts. */
export function whereOf(reading: Pick<HeldReading, 'unit_id' | 'unit_label' | 'place'>, community: string): string {
  if (reading.unit_label) return m.held_unit({ unit: reading.unit_label });
  return community || reading.place || m.reading_common();
}
