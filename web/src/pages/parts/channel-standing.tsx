import type { ChannelAddress } from '../../api/types';
import { instant } from '../../i18n/format';
import { offReason } from '../../i18n/off-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Status } from '../../ui/facts';

export const NotLinked = () => <Status kind="off">{m.notify_not_linked()}</Status>;

/** How an address stands, and since when; of one that is off, why. */
export function ChannelStanding({ address: { state, shown, code, since } }: { address: ChannelAddress }) {
  const when = instant(since, currentMe().organisation.time_zone);
  return (
    <div>
      {state === 'on' ? (
        <Status kind="good">{m.notify_linked({ when })}</Status>
      ) : (
        <Status kind="bad">{m.notify_off({ when })}</Status>
      )}
      {shown && <span class="muted"> {shown}</span>}
      {state === 'off' && <p class="muted small">{offReason(code)}</p>}
    </div>
  );
}
