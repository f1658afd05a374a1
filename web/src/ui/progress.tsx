import { useId } from 'preact/hooks';
import { number } from '../i18n/format';
import { m } from '../paraglide/messages.js';

/** How far a long job is; without a total the bar only says that something goes on. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  const id = useId();
  return (
    <div class="progress">
      <label for={id}>{label}</label>
      {total > 0 ? <progress id={id} max={total} value={done} /> : <progress id={id} />}
      {total > 1 && <p class="muted figures">{m.bank_progress({ done: number(done), count: number(total) })}</p>}
    </div>
  );
}

interface CounterProps {
  label: string;
  value: number;
  testId: string;
  kind?: 'good' | 'todo' | undefined;
}

/** One figure of a result, in a `<dl class="counters">`. */
export function Counter({ label, value, testId, kind }: CounterProps) {
  return (
    <div class={kind ? `counter-${kind}` : undefined}>
      <dt>{label}</dt>
      <dd data-testid={testId} data-value={value}>
        {number(value)}
      </dd>
    </div>
  );
}
