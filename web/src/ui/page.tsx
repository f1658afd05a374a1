import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { m } from '../paraglide/messages.js';
import { look } from '../theme/theme';

/** Set while a form on the page shows errors: the title then begins with "Error". */
export const pageHasErrors = signal(false);

let focusedPath: string | null = null;

interface Props {
  title: string;
  /** A short line above the title: where we are. */
  above?: ComponentChildren;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  wide?: boolean;
  busy?: boolean;
  testId?: string;
  children?: ComponentChildren;
}

/** A page: title of the document, heading that takes focus after navigation, content. */
export function Page({ title, above, lead, actions, wide, busy, testId, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const prefix = pageHasErrors.value ? `${m.error_prefix()} ` : '';
  const organisation = look.value?.name ?? 'Lokum';
  useEffect(() => {
    document.title = `${prefix}${title} – ${organisation}`;
  }, [prefix, title, organisation]);
  useEffect(() => {
    const path = location.pathname;
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (focusedPath !== null && (focusedPath !== path || lost)) heading.current?.focus();
    focusedPath = path;
  }, []);
  return (
    <div class={wide ? 'page page-wide' : 'page'} data-testid={testId} aria-busy={busy}>
      <div class="page-head">
        <div>
          {above && <p class="above">{above}</p>}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
