import { useEffect, useState } from 'preact/hooks';
import { Tray } from '../../api/tray';
import MeterPhoto from './meter-photo';
import '../../styles/tickets.css';

/** One photo, whose tray the page is given as soon as there is one. */
export default function PhotoField({ onTray }: { onTray: (tray: Tray) => void }) {
  const [tray] = useState(() => new Tray([], 'reading', 1));
  useEffect(() => {
    onTray(tray);
    return () => tray.empty();
  }, [tray]);
  return <MeterPhoto tray={tray} />;
}
