import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './problem';

const FIRST_WAIT = 700;
const LONGEST_WAIT = 8000;
const GROWTH = 1.4;

/** How long to wait before the next look: soon at first, then ever more patiently. */
export function nextWait(wait: number | null, longest: number = LONGEST_WAIT): number {
  return wait === null ? FIRST_WAIT : Math.min(longest, Math.round(wait * GROWTH));
}

export interface Polled<T> {
  data: T | null;
  problem: Problem | null;
  /** Looks again at once; after a failure this is the retry. */
  again: () => void;
}

/**
 * Looks until `finished` says so, at last every `longest` milliseconds. Rests while the page is hidden, and looks at once when it is shown again.
 * A failed look is tried again by itself, but shown; `not_found` ends it.
 */
export function usePolling<T>(
  key: string,
  load: () => Promise<T>,
  finished: (data: T) => boolean,
  longest?: number,
): Polled<T> {
  const [data, setData] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef({ load, finished });
  latest.current = { load, finished };
  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait: number | null = null;
    let resting = false;
    const later = () => {
      wait = nextWait(wait, longest);
      resting = document.visibilityState === 'hidden';
      if (!resting) timer = setTimeout(look, wait);
    };
    const turned = () => {
      if (document.visibilityState === 'hidden') {
        resting ||= timer !== undefined;
        clearTimeout(timer);
      } else if (resting) {
        resting = false;
        wait = null;
        look();
      }
    };
    const look = () => {
      timer = undefined;
      latest.current.load().then(
        (found) => {
          if (!wanted) return;
          setData(found);
          setProblem(null);
          if (!latest.current.finished(found)) later();
        },
        (error) => {
          if (!wanted) return;
          const failure = Problem.of(error);
          setProblem(failure);
          if (failure.status !== 401 && failure.status !== 404) later();
        },
      );
    };
    document.addEventListener('visibilitychange', turned);
    look();
    return () => {
      wanted = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', turned);
    };
  }, [key, round, longest]);
  return { data, problem, again: () => setRound((count) => count + 1) };
}
