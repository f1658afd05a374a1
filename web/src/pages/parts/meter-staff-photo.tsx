import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Tray } from '../../api/tray';
import { later } from '../../ui/later';
import '../../styles/tickets.css';

const MeterPhoto = later(() => import('./meter-photo'), 1);

interface Photo {
  field: ComponentChildren;
  /** Its key once it is sent and checked; null where none was chosen. Raises the problem of one that failed. */
  sent: () => Promise<string | null>;
}

/** A photo of the counter beside what staff record of it. */
export function usePhoto(): Photo {
  const [tray] = useState(() => new Tray([], 'reading', 1));
  useEffect(() => () => tray.empty(), [tray]);
  return { field: <MeterPhoto tray={tray} />, sent: async () => (await tray.keys())[0] ?? null };
}

/** Another photo is another request: the end of an idempotency key. */
export const photoKey = (photo: string | null): string => (photo ? `-${photo.replace(/\W/g, '').slice(-16)}` : '');
