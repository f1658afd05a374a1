import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { Tick } from './select';

interface Props {
  title: string;
  on: boolean;
  /** Those of the queue of tickets, where nothing else is named. */
  keys?: [key: string, what: string][];
  onSwitch: (on: boolean) => void;
  onClose: () => void;
}

const ofTickets = (): [key: string, what: string][] => [
  ['J', m.queue_key_next()],
  ['K', m.queue_key_previous()],
  ['Enter', m.queue_key_open()],
  ['X', m.queue_key_select()],
  ['A', m.queue_key_assign()],
  ['/', m.queue_key_filter()],
  ['?', m.queue_key_help()],
];

/** What the single keys do, and the switch for them. */
export default function KeysDialog({ title, on, keys = ofTickets(), onSwitch, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Tick label={m.queue_keys_on()} checked={on} onChange={onSwitch} />
      <div class="form-actions">
        <button type="button" class="button" onClick={onClose}>
          {m.ticket_close()}
        </button>
      </div>
    </Dialog>
  );
}
