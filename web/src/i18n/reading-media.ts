import { MEDIA, type Medium } from './meter-words';

export { MEDIA, type Medium };

export const mediumText = (medium: Medium): string => MEDIA[medium]();

export const mediumOptions = (): { value: Medium; label: string }[] =>
  (Object.keys(MEDIA) as Medium[]).map((value) => ({ value, label: mediumText(value) }));
