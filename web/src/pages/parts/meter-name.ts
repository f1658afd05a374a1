import type { MeterItem } from '../../api/types';
import { MEDIA } from '../../i18n/meter-words';

/** What people call a meter: what it measures, and where it hangs. */
export const meterName = ({ medium, place }: Pick<MeterItem, 'medium' | 'place'>): string =>
  place ? `${MEDIA[medium]()}, ${place}` : MEDIA[medium]();
