import type { MeterItem } from '../../api/types';
import { date } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';

/** When readings are taken, and what happens to those of other days; nothing where there is no window. */
export function WindowText({ meter }: { meter: MeterItem | undefined }) {
  const window = meter?.window;
  if (!window) return null;
  const { first, last, is_open: isOpen, outside } = window;
  return (
    <p class={isOpen ? undefined : 'muted'} data-testid="window" data-open={isOpen}>
      {isOpen
        ? m.meter_window_open({ date: date(last) })
        : m.meter_window_next({ first: date(first), last: date(last) })}
      {!isOpen && ` ${outside === 'reject' ? m.meter_window_refused() : m.meter_window_warned()}`}
    </p>
  );
}
