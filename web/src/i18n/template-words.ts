import type { NoticeTemplate } from '../api/types';
import { m } from '../paraglide/messages.js';
import { channelName } from './notice-channels';

/** Why somebody is told. */
export const NATURES: Record<NoticeTemplate['nature'], () => string> = {
  statutory: m.template_statutory,
  transactional: m.template_transactional,
  reminder: m.template_reminder,
  news: m.template_news,
};

/** Who is told. */
export const AUDIENCES: Record<NoticeTemplate['to'], () => string> = {
  parties: m.template_to_parties,
  person: m.template_to_person,
  staff: m.template_to_staff,
};

export const natureText = ({ nature, urgent }: NoticeTemplate): string =>
  urgent ? `${NATURES[nature]()}, ${m.template_urgent()}` : NATURES[nature]();

/** By which ways, one step after the other: the next is for whom the one before did not reach. */
export const ladderText = ({ ladder }: NoticeTemplate): string =>
  ladder
    .map((step) => step.map(channelName).join(', '))
    .reduceRight((next, first) => m.template_otherwise({ first, next }));
