import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { m } from '../../paraglide/messages.js';
import { recall, remember } from '../../session/memory';
import { Dialog } from '../../ui/dialog';
import { Tick } from './select';

const OFF = 'lokum.keys';

/** Single keys can be switched off: speech input and screen readers may need them for themselves (WCAG 2.1.4). */
export const keysOn = signal(recall(OFF) !== 'off');

const WITHOUT_TYPING = ['checkbox', 'radio', 'button', 'submit'];

/** Whether a key pressed here goes into a text, a list or a question, and is none of ours. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('dialog, textarea, select, [contenteditable], [role=menu]'))
    return true;
  return target instanceof HTMLInputElement && !WITHOUT_TYPING.includes(target.type);
}

/** Calls what is bound to a single key, unless somebody is typing or a question is open. */
export function useKeys(bound: Record<string, () => void>): void {
  const latest = useRef(bound);
  latest.current = bound;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!keysOn.value || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      const act = latest.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const keys: [string, string][] = [
    ['J', m.queue_key_next()],
    ['K', m.queue_key_previous()],
    ['Enter', m.queue_key_open()],
    ['X', m.queue_key_select()],
    ['A', m.queue_key_assign()],
    ['/', m.queue_key_filter()],
    ['?', m.queue_key_help()],
  ];
  return (
    <Dialog title={m.queue_keys()} onClose={onClose}>
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
      <Tick
        label={m.queue_keys_on()}
        checked={keysOn.value}
        onChange={(on) => {
          remember(OFF, on ? 'on' : 'off');
          keysOn.value = on;
        }}
      />
      <div class="form-actions">
        <button type="button" class="button" onClick={onClose}>
          {m.ticket_close()}
        </button>
      </div>
    </Dialog>
  );
}
