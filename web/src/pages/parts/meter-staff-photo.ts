import { type ComponentChildren, createElement } from 'preact';
import { useRef } from 'preact/hooks';
import type { Tray } from '../../api/tray';
import { later } from '../../ui/later';

const PhotoField = later(() => import('./photo-field'), 1);

interface Photo {
  field: ComponentChildren;
  /** Its key once it is sent and checked; null where none was chosen. Raises the problem of one that failed. */
  sent: () => Promise<string | null>;
}

/** A photo of the counter beside what staff record of it. */
export function usePhoto(): Photo {
  const tray = useRef<Tray | null>(null);
  const keep = useRef((made: Tray) => {
    tray.current = made;
  });
  return {
    field: createElement(PhotoField, { onTray: keep.current }),
    sent: async () => (await tray.current?.keys())?.[0] ?? null,
  };
}

/** Another photo is another request: the end of an idempotency key. */
export const photoKey = (photo: string | null): string => (photo ? `-${photo.replace(/\W/g, '').slice(-16)}` : '');
