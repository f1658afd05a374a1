import type { Tray } from '../../api/tray';
import { m } from '../../paraglide/messages.js';
import { Files } from './files';

/** A photo of the counter, straight from the camera of a telephone. */
export default function MeterPhoto({ tray }: { tray: Tray }) {
  return <Files tray={tray} camera label={m.meter_photo()} hint={m.meter_photo_hint()} />;
}
