import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../api/problem';
import { Skeleton } from './loaded';
import { Failed } from './notice';

/** A part of a page with a file of its own, fetched when it is first shown; where the file does not come, it can be asked for again. */
export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, lines = 3) {
  let kept: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [attempt, setAttempt] = useState(0);
    const [failed, setFailed] = useState(false);
    const [, setCame] = useState(kept !== null);
    useEffect(() => {
      if (kept) return;
      let wanted = true;
      setFailed(false);
      load().then(
        (part) => {
          kept = part.default;
          if (wanted) setCame(true);
        },
        () => wanted && setFailed(true),
      );
      return () => {
        wanted = false;
      };
    }, [attempt]);
    if (kept) {
      const Part: ComponentType<P> = kept;
      return <Part {...props} />;
    }
    if (failed) return <Failed problem={new Problem('network_error')} retry={() => setAttempt((count) => count + 1)} />;
    return <Skeleton lines={lines} />;
  };
}
