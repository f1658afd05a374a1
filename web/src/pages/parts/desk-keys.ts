import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { recall, remember } from '../../session/memory';

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
export function useKeys(bound: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(bound);
  latest.current = bound;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!keysOn.value || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      const act = latest.current[event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

export function switchKeys(on: boolean): void {
  remember(OFF, on ? 'on' : 'off');
  keysOn.value = on;
}
