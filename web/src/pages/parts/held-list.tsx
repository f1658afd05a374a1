import type { Pages } from '../../api/resource';
import type { HeldReading } from '../../api/types';
import { relative } from '../../i18n/format';
import { counters } from '../../i18n/meter-words';
import { mediumText } from '../../i18n/reading-media';
import { CHECKS } from '../../i18n/reading-words';
import { m } from '../../paraglide/messages.js';
import { More } from '../../ui/table';
import { whereOf } from './held-where';

export const heldLinkId = (reading_id: string): string => `held-${reading_id}`;

interface Props {
  pages: Pages<HeldReading>;
  open: string | null;
  communities: ReadonlyMap<string, string>;
  address: (reading_id: string) => string;
  onArrow: (by: 1 | -1) => void;
  onOpen: () => void;
}

export function HeldList({ pages, open, communities, address, onArrow, onOpen }: Props) {
  // "Flat 1" says enough only where there is one community.
  const alike = communities.size > 1;
  return (
    <div class="held-list">
      <ul
        aria-label={m.held_title()}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          onArrow(event.key === 'ArrowDown' ? 1 : -1);
        }}
      >
        {pages.items.map((one) => (
          <li key={one.reading_id} data-testid="held-row" class={one.reading_id === open ? 'row-open' : undefined}>
            <a
              id={heldLinkId(one.reading_id)}
              href={address(one.reading_id)}
              aria-current={one.reading_id === open ? 'true' : undefined}
              onClick={onOpen}
            >
              {whereOf(one, communities.get(one.community_id) ?? '')}, {mediumText(one.medium)}
            </a>
            <span class="held-row-value figures">{counters(one.values)}</span>
            <span class="flags">
              {codesOf(one).map((code) => (
                <span key={code} class="flag">
                  {CHECKS[code]()}
                </span>
              ))}
            </span>
            <span class="muted small">
              {[one.unit_label && alike && communities.get(one.community_id), relative(one.recorded_at)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}

/** What the reading is doubted for; what is only told is left out where there is more. */
function codesOf({ findings }: HeldReading): (keyof typeof CHECKS)[] {
  const doubts = findings.filter(({ severity }) => severity !== 'info');
  return [...new Set((doubts.length > 0 ? doubts : findings).map(({ code }) => code))];
}
