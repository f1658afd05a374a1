import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { ChannelAddress, ChannelOffer } from '../../api/types';
import { channelName } from '../../i18n/notice-channels';
import { m } from '../../paraglide/messages.js';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Failed } from '../../ui/notice';

interface Props {
  channel: ChannelOffer['channel'];
  address: ChannelAddress;
  onDone: (text: string) => void;
  onClose: () => void;
}

/** Asks once more before an address is forgotten. */
export default function NotifyUnlink({ channel, address, onDone, onClose }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const name = channelName(channel);
  const unlink = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const params = { path: { channel }, query: { link_id: address.link_id } };
    unwrap(api.DELETE('/notifications/channels/{channel}', { params })).then(
      () => onDone(m.notify_unlinked({ channel: name })),
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  return (
    <Dialog title={m.notify_unlink_title({ channel: name })} onClose={onClose}>
      {address.shown && <p>{address.shown}</p>}
      <p>{m.notify_unlink_text()}</p>
      {problem && <Failed problem={problem} />}
      <Confirm action={m.notify_unlink()} onAction={unlink} busy={busy} onCancel={onClose} />
    </Dialog>
  );
}
