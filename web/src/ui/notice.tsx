import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../api/problem';
import { problemText } from '../i18n/codes';
import { m } from '../paraglide/messages.js';
import { Icon, type IconName } from './icon';

type Kind = 'info' | 'good' | 'warning' | 'bad';

const ICONS: Record<Kind, IconName> = { info: 'info', good: 'check', warning: 'alert', bad: 'alert' };

interface Props {
  kind?: Kind;
  title: string;
  /** Takes focus when shown: for the outcome of something that the person has just done. */
  focus?: boolean;
  testId?: string;
  children?: ComponentChildren;
}

export function Notice({ kind = 'info', title, focus, testId, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus) box.current?.focus();
  }, [focus]);
  return (
    <div
      ref={box}
      class={`notice notice-${kind}`}
      role={kind === 'bad' ? 'alert' : 'status'}
      tabIndex={focus ? -1 : undefined}
      data-testid={testId}
    >
      <Icon name={ICONS[kind]} />
      <div>
        <p class="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}

/** Something could not be loaded or done: the reason in words, the number to quote, and a way on. */
export function Failed({ problem, retry }: { problem: Problem; retry?: () => void }) {
  return (
    <Notice kind="bad" title={problemText(problem)} testId="failed">
      {problem.correlationId && <p class="small">{m.error_reference({ id: problem.correlationId })}</p>}
      {retry && (
        <button type="button" class="button button-quiet" onClick={retry}>
          {m.try_again()}
        </button>
      )}
    </Notice>
  );
}
