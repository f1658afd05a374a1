import type { MeterItem } from '../../api/types';
import { decimalSign } from '../../i18n/meter-words';

export interface Face {
  /** Zeros that nobody has to type. */
  lead: string;
  whole: string;
  /** The reader's own, whichever was typed. */
  sign: string;
  red: string;
  /** Red digits that were not typed yet. */
  rest: string;
}

/** What was typed as it stands on the counter; null for what no counter can show: it is then left as it was typed. */
export function face(
  typed: string,
  { digits, decimals }: Pick<MeterItem['device'], 'digits' | 'decimals'>,
): Face | null {
  const match = /^(\d*)(?:([.,])(\d*))?$/.exec(typed);
  if (!match) return null;
  const [, whole = '', sign = '', red = ''] = match;
  if (whole.length > digits || red.length > decimals || (sign && decimals === 0)) return null;
  return {
    lead: '0'.repeat(digits - whole.length),
    whole,
    sign: decimals > 0 ? decimalSign() : '',
    red,
    rest: '0'.repeat(decimals - red.length),
  };
}

/** What people paste ("415,800 m3", "1 234") without what does not belong to the number. */
export const tidy = (text: string): string => text.replace(/[\s\u00a0\u202f'’]/g, '').replace(/(m3|m³|м³|kwh)$/i, '');

interface Props {
  id: string;
  device: MeterItem['device'];
  value: string;
  wrong: boolean;
  describedBy: string;
  onFocus: () => void;
  onInput: (value: string) => void;
  /** Enter, or "next" on a phone: what stands there is never sent by it. */
  onNext: (field: HTMLInputElement) => void;
}

/**
 * A field that looks like the counter: digits in their wheels, the decimals red. It is one plain text field, whose own text is
 * not seen: it lies over the wheels, letter over wheel, so that the caret, marking and pasting are those of every field.
 */
export function Counter({ id, device, value, wrong, describedBy, onFocus, onInput, onNext }: Props) {
  const shown = face(value, device);
  const wheels = device.digits + (device.decimals > 0 ? device.decimals + 1 : 0);
  const kind = `counter counter-${wheels}${wrong ? ' counter-wrong' : ''}${shown ? '' : ' counter-plain'}`;
  return (
    <div class="counter-box">
      <div class={kind} data-lead={shown?.lead.length ?? 0}>
        {shown && (
          <span class="counter-face" aria-hidden="true">
            {wheel(shown.lead, 'counter-blank')}
            {wheel(shown.whole, '')}
            {wheel(shown.sign, shown.red ? '' : 'counter-blank')}
            {wheel(shown.red, 'counter-red')}
            {wheel(shown.rest, 'counter-red counter-blank')}
          </span>
        )}
        <input
          id={id}
          class="counter-input"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          enterKeyHint="next"
          maxLength={24}
          value={value}
          aria-describedby={describedBy}
          aria-invalid={wrong || undefined}
          onFocus={onFocus}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            onNext(event.currentTarget);
          }}
          onInput={(event) => {
            const typed = tidy(event.currentTarget.value);
            // Where tidying gives what stands there already, nothing would be drawn anew.
            if (typed !== event.currentTarget.value) event.currentTarget.value = typed;
            onInput(typed);
          }}
        />
      </div>
    </div>
  );
}

const wheel = (digits: string, kind: string) =>
  [...digits].map((digit, index) => (
    <span key={`${kind} ${index}`} class={`counter-wheel ${kind}`}>
      {digit}
    </span>
  ));
