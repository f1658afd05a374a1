import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './problem';

export type Loading<T> = { state: 'loading' } | { state: 'ready'; data: T } | { state: 'failed'; problem: Problem };

export type Resource<T> = Loading<T> & { reload: () => void };

/** Loads when `key` changes; answers that come too late for the present key are dropped. */
export function useResource<T>(key: string, load: () => Promise<T>): Resource<T> {
  const [attempt, setAttempt] = useState(0);
  const [value, setValue] = useState<{ key: string; loading: Loading<T> }>({ key, loading: { state: 'loading' } });
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    let wanted = true;
    const put = (loading: Loading<T>) => wanted && setValue({ key, loading });
    put({ state: 'loading' });
    latest.current().then(
      (data) => put({ state: 'ready', data }),
      (error) => put({ state: 'failed', problem: Problem.of(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [key, attempt]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  const current: Loading<T> = value.key === key ? value.loading : { state: 'loading' };
  return { ...current, reload };
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface Pages<T> {
  items: T[];
  first: Loading<Page<T>>;
  more: 'none' | 'idle' | 'loading' | 'failed';
  loadMore: () => void;
  reload: () => void;
}

/** A list that grows page by page ("show more"). A new `key` starts over. */
export function usePages<T>(key: string, load: (cursor?: string) => Promise<Page<T>>): Pages<T> {
  const first = useResource(key, () => load());
  const [grown, setGrown] = useState<{ first: unknown; pages: Page<T>[]; state: 'idle' | 'loading' | 'failed' }>({
    first: null,
    pages: [],
    state: 'idle',
  });
  const start = first.state === 'ready' ? first.data : null;
  const now = grown.first === start ? grown : { first: start, pages: [], state: 'idle' as const };
  const pages = start ? [start, ...now.pages] : [];
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const loadMore = () => {
    if (!cursor || now.state === 'loading') return;
    setGrown({ ...now, state: 'loading' });
    load(cursor).then(
      (page) =>
        setGrown((old) => (old.first === start ? { first: start, pages: [...old.pages, page], state: 'idle' } : old)),
      () => setGrown((old) => (old.first === start ? { ...old, state: 'failed' } : old)),
    );
  };
  return {
    items: pages.flatMap((page) => page.items),
    first,
    more: cursor ? now.state : 'none',
    loadMore,
    reload: first.reload,
  };
}
