import { m } from '../paraglide/messages.js';

interface Props {
  /** What is done; its button stays in reach while it is being done, and does nothing a second time. */
  action: string;
  onAction: () => void;
  busy: boolean;
  /** Whether everything that it needs is there. */
  ready?: boolean;
  /** How the way back is called; without it: "cancel". */
  cancel?: string;
  onCancel: () => void;
}

/** The end of a step that asks once more: do it, or leave it. */
export function Confirm({ action, onAction, busy, ready = true, cancel, onCancel }: Props) {
  return (
    <div class="form-actions">
      <button
        type="button"
        class="button button-main"
        aria-disabled={busy || !ready}
        data-busy={busy || undefined}
        onClick={onAction}
      >
        {action}
      </button>
      <button type="button" class="button" onClick={onCancel}>
        {cancel ?? m.cancel_action()}
      </button>
    </div>
  );
}
