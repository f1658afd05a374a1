import type { Community, NewsDraft, NewsRequest } from '../../api/types';
import { LANGUAGE_NAMES, LOCALES, type Locale } from '../../i18n/languages';
import { m } from '../../paraglide/messages.js';
import type { Errors } from '../../ui/form';

const LONGEST_TITLE = 120;
const LONGEST_TEXT = 4000;
const MOST_COMMUNITIES = 50;

/** News as it is typed: a title and a text for each language, of which some stay empty, and whom it is for. */
export type Draft = Record<`title_${Locale}` | `text_${Locale}`, string> & {
  to: 'everybody' | 'communities';
  community_ids: string[];
};

export const emptyDraft = (): Draft =>
  ({
    ...Object.fromEntries(
      LOCALES.flatMap((one) => [
        [`title_${one}`, ''],
        [`text_${one}`, ''],
      ]),
    ),
    to: 'everybody',
    community_ids: [],
  }) as unknown as Draft;

/** Names of the wire's fields, as the form has them. */
export const WIRE_FIELDS: Record<string, string> = Object.fromEntries(
  LOCALES.flatMap((one) => [
    [`words.${one}.title`, `title_${one}`],
    [`words.${one}.text`, `text_${one}`],
    [`words.${one}`, `title_${one}`],
  ]),
);

/** What stands there in a language; null where something of it is missing. */
export function draftIn(draft: Draft, language: Locale): NewsDraft | null {
  const title = draft[`title_${language}`].trim();
  const text = draft[`text_${language}`].trim();
  return title && text ? { title, text, locale: language } : null;
}

/** The languages in which something was written. */
export const languagesOf = (draft: Draft): Locale[] =>
  LOCALES.filter((one) => draft[`title_${one}`].trim() || draft[`text_${one}`].trim());

const tooLong = (count: number) => () => m.field_too_long({ count });

function errorsIn(draft: Draft, language: Locale): Errors {
  const errors: Errors = {};
  const [title, text] = [`title_${language}`, `text_${language}`] as const;
  if (!draft[title].trim()) errors[title] = m.field_missing;
  else if (draft[title].trim().length > LONGEST_TITLE) errors[title] = tooLong(LONGEST_TITLE);
  if (!draft[text].trim()) errors[text] = m.field_missing;
  else if (draft[text].trim().length > LONGEST_TEXT) errors[text] = tooLong(LONGEST_TEXT);
  return errors;
}

/** What is wrong in the first language that has something wrong; that language must be shown for it. Else what is wrong besides. */
export function wrongIn(draft: Draft, own: Locale): { language: Locale | null; errors: Errors } {
  for (const language of new Set([own, ...languagesOf(draft)])) {
    const errors = errorsIn(draft, language);
    if (Object.keys(errors).length > 0) return { language, errors };
  }
  const errors: Errors = {};
  if (draft.to === 'communities') {
    if (draft.community_ids.length === 0) errors.community_ids = m.news_some_wanted;
    if (draft.community_ids.length > MOST_COMMUNITIES)
      errors.community_ids = () => m.news_some_too_many({ count: MOST_COMMUNITIES });
  }
  return { language: null, errors };
}

export function requestOf(draft: Draft): NewsRequest {
  const words = languagesOf(draft).map((one) => {
    const written = draftIn(draft, one);
    return [one, { title: written?.title ?? '', text: written?.text ?? '' }];
  });
  return {
    words: Object.fromEntries(words) as NewsRequest['words'],
    community_ids: draft.to === 'communities' ? draft.community_ids : null,
  };
}

/** Whom it is for, in words. */
export const audienceText = (draft: Draft, communities: readonly Community[]): string =>
  draft.to === 'everybody'
    ? m.news_everybody()
    : communities
        .filter((one) => draft.community_ids.includes(one.community_id))
        .map((one) => one.name)
        .join(', ');

export const languageNames = (languages: readonly Locale[]): string =>
  languages.map((one) => LANGUAGE_NAMES[one]).join(', ');
