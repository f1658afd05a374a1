import type { ComponentChildren } from 'preact';
import type { Resource } from '../api/resource';
import { m } from '../paraglide/messages.js';
import { NotFound } from './not-found';
import { Failed } from './notice';
import { Page } from './page';

/** Grey lines in place of what is coming; said once to a screen reader. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{m.loading()}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skeleton-line" />
      ))}
    </div>
  );
}

interface Props<T> {
  of: Resource<T>;
  title: string;
  children: (data: T) => ComponentChildren;
}

/** A page whose subject is loaded: skeleton, "not found", error with retry, or the page itself. */
export function LoadedPage<T>({ of, title, children }: Props<T>) {
  if (of.state === 'ready') return <>{children(of.data)}</>;
  if (of.state === 'failed' && of.problem.code === 'not_found') return <NotFound />;
  return (
    <Page title={title} busy={of.state === 'loading'}>
      {of.state === 'loading' ? <Skeleton lines={6} /> : <Failed problem={of.problem} retry={of.reload} />}
    </Page>
  );
}

/** A part of a page that is loaded. */
export function LoadedPart<T>({
  of,
  lines,
  children,
}: {
  of: Resource<T>;
  lines?: number;
  children: (data: T) => ComponentChildren;
}) {
  if (of.state === 'ready') return <>{children(of.data)}</>;
  if (of.state === 'failed') return <Failed problem={of.problem} retry={of.reload} />;
  return <Skeleton lines={lines} />;
}
