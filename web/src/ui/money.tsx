import { date, instant, money } from '../i18n/format';
import { currentMe } from '../session/session';

export function Money({ minor, currency, strong }: { minor: number; currency: string; strong?: boolean }) {
  const text = money(minor, currency);
  return strong ? <strong class="money">{text}</strong> : <span class="money">{text}</span>;
}

export function DateText({ on, style }: { on: string; style?: 'long' | 'short' }) {
  return (
    <time class="date" dateTime={on}>
      {date(on, style)}
    </time>
  );
}

export function InstantText({ at }: { at: string }) {
  return (
    <time class="date" dateTime={at}>
      {instant(at, currentMe().organisation.time_zone)}
    </time>
  );
}
