import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, unwrapMarked } from './client';
import { Problem } from './problem';
import type { Loading, Page, Pages } from './resource';

/** A change of somebody else is seen after this time at the latest, and the time of one question. */
export const EVERY = 2000;
const LONGEST = 60_000;

/** How long to wait after so many failed looks in a row: twice as long each time, and never shorter than the answer asks for. */
export function waitAfter(failures: number, retryAfter: number | null, every: number = EVERY): number {
  const wait = Math.min(LONGEST, every * 2 ** failures);
  return failures === 0 ? every : Math.max(wait, (retryAfter ?? 0) * 1000);
}

/** Headers of a look that nobody has asked for: with any mark it is no use of the session, which would never end otherwise. */
export const UNASKED = { 'If-None-Match': '"none"' };

export interface Followed<T> {
  /** What was seen last, however the looks after it went. */
  data: T | null;
  /** Why the last look failed; null once one goes well again. */
  problem: Problem | null;
  /** Looks at once: after an own change, or as a retry. */
  look: () => void;
}

/** Sends the headers along: they say what is known already, so that an answer without news is a bare 304. */
export type Ask<T> = (headers: Record<string, string>) => Promise<Answer<T>>;

/**
 * Follows what others may change: looks every two seconds (or `every` so many milliseconds) while the page can be seen, not at all while it is hidden, and at
 * once when the network is back, or when the page is shown again and the last look is that long ago. Failed looks keep what is there and come ever more slowly; what is not
 * found, not allowed or no longer signed in ends the following.
 */
export function useFollowed<T>(key: string, ask: Ask<T>, every: number = EVERY): Followed<T> {
  const [seen, setSeen] = useState<{ key: string; data: T | null; problem: Problem | null }>({
    key,
    data: null,
    problem: null,
  });
  const latest = useRef(ask);
  latest.current = ask;
  const lookNow = useRef(() => {});
  useEffect(() => {
    const follower = new Follower<T>(
      (headers) => latest.current(headers),
      (data) => setSeen({ key, data, problem: null }),
      (problem) => setSeen((old) => ({ key, data: old.key === key ? old.data : null, problem })),
      every,
    );
    lookNow.current = follower.look;
    return follower.start();
  }, [key, every]);
  const now = seen.key === key ? seen : { data: null, problem: null };
  const look = useRef(() => lookNow.current());
  return { data: now.data, problem: now.problem, look: look.current };
}

const FINAL = [401, 403, 404];

class Follower<T> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private mark: string | null = null;
  private failures = 0;
  private under_way = false;
  private again = false;
  private looked = 0;
  private ended = false;

  constructor(
    private readonly ask: Ask<T>,
    private readonly onNews: (data: T) => void,
    private readonly onProblem: (problem: Problem | null) => void,
    private readonly every: number,
  ) {}

  /** Begins, whether it can be seen or not: a page opened in the background shall be there when it is turned to. */
  start(): () => void {
    document.addEventListener('visibilitychange', this.turned);
    window.addEventListener('online', this.look);
    this.look();
    return () => {
      this.ended = true;
      clearTimeout(this.timer);
      document.removeEventListener('visibilitychange', this.turned);
      window.removeEventListener('online', this.look);
    };
  }

  /** One look at a time; who wants one meanwhile gets another after it, because this one may have left too early. */
  look = (): void => {
    clearTimeout(this.timer);
    if (this.ended) return;
    if (this.under_way) {
      this.again = true;
      return;
    }
    this.under_way = true;
    this.looked = Date.now();
    unwrapMarked(this.ask(this.mark ? { 'If-None-Match': this.mark } : {})).then(
      (answer) => {
        if (this.ended) return;
        const failed = this.failures > 0;
        this.failures = 0;
        if (answer) {
          this.mark = answer.mark;
          this.onNews(answer.data);
        } else if (failed) this.onProblem(null);
        this.next(this.every);
      },
      (error) => {
        if (this.ended) return;
        const problem = Problem.of(error);
        this.failures += 1;
        this.onProblem(problem);
        this.next(FINAL.includes(problem.status) ? null : waitAfter(this.failures, problem.retryAfter, this.every));
      },
    );
  };

  private next(wait: number | null): void {
    this.under_way = false;
    if (this.again) {
      this.again = false;
      this.look();
    } else if (wait !== null && document.visibilityState === 'visible') {
      this.timer = setTimeout(this.look, wait);
    }
  }

  private turned = (): void => {
    clearTimeout(this.timer);
    if (document.visibilityState === 'visible')
      this.timer = setTimeout(this.look, Math.max(0, this.looked + this.every - Date.now()));
  };
}

/** A paged list whose first page is followed; when that one changes, the further pages that were shown are fetched anew. */
export function useFollowedPages<T>(
  key: string,
  ask: (headers: Record<string, string>, cursor?: string) => Promise<Answer<Page<T>>>,
  every: number = EVERY,
): Pages<T> {
  const { data: first, problem, look } = useFollowed<Page<T>>(key, (headers) => ask(headers), every);
  const [rest, setRest] = useState<{ key: string; pages: Page<T>[]; state: 'idle' | 'loading' | 'failed' }>({
    key,
    pages: [],
    state: 'idle',
  });
  const now = rest.key === key ? rest : { key, pages: [], state: 'idle' as const };
  const latest = useRef({ ask, key, shown: 0 });
  latest.current = { ask, key, shown: now.pages.length };

  const fetchRest = async (start: Page<T>, count: number) => {
    const pages: Page<T>[] = [];
    let cursor = start.next_cursor;
    while (cursor && pages.length < count) {
      const answer = await unwrapMarked(latest.current.ask({}, cursor));
      if (!answer) break;
      pages.push(answer.data);
      cursor = answer.data.next_cursor;
    }
    return pages;
  };
  const put = (start: Page<T>, count: number) =>
    fetchRest(start, count).then(
      (pages) => latest.current.key === key && setRest({ key, pages, state: 'idle' }),
      () => latest.current.key === key && setRest((old) => ({ ...old, key, state: 'failed' })),
    );
  useEffect(() => {
    if (first && latest.current.shown > 0) void put(first, latest.current.shown);
  }, [first]);

  const pages = first ? [first, ...now.pages] : [];
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const loading: Loading<Page<T>> = first
    ? { state: 'ready', data: first }
    : problem
      ? { state: 'failed', problem }
      : { state: 'loading' };
  return {
    items: pages.flatMap((page) => page.items),
    first: loading,
    more: cursor ? now.state : 'none',
    loadMore: () => {
      const last = pages.at(-1);
      if (!last?.next_cursor || now.state === 'loading') return;
      setRest({ ...now, state: 'loading' });
      fetchRest(last, 1).then(
        (more) => latest.current.key === key && setRest({ key, pages: [...now.pages, ...more], state: 'idle' }),
        () => latest.current.key === key && setRest({ ...now, state: 'failed' }),
      );
    },
    reload: look,
  };
}
