import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { Community } from '../api/types';
import { LANGUAGE_NAMES, LOCALES, type Locale } from '../i18n/languages';
import '../i18n/notice-codes';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { Choices } from '../ui/choices';
import { type Attempt, Field, Form, Submit, useForm } from '../ui/form';
import { Icon } from '../ui/icon';
import { later } from '../ui/later';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { type Tab, Tabs } from '../ui/tabs';
import { Communities } from './parts/communities';
import { everything } from './parts/desk-data';
import { NewsConfirm } from './parts/news-confirm';
import {
  audienceText,
  type Draft,
  draftIn,
  emptyDraft,
  languageNames,
  languagesOf,
  requestOf,
  WIRE_FIELDS,
  wrongIn,
} from './parts/news-draft';
import '../styles/news.css';
import '../styles/tickets.css';

const NewsPreview = later(() => import('./parts/news-preview'));

/** Staff write news, in the organisation's language and in any others, look at it, and send it. */
export default function NewsNew() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const communities = useResource('communities', () =>
    everything((query) => unwrap(api.GET('/communities', { params: { query } }))),
  );
  return (
    <LoadedPage of={communities} title={m.news_new()}>
      {(known) => <Write communities={known} />}
    </LoadedPage>
  );
}

const address = (language: Locale) => `/news/new?language=${language}`;

function Write({ communities }: { communities: Community[] }) {
  const { query, route } = useLocation();
  const own = currentMe().organisation.locale as Locale;
  const language = LOCALES.find((one) => one === query.language) ?? own;
  const [asked, setAsked] = useState(false);
  const attempt = useRef<Attempt | null>(null);
  const form = useForm<Draft>(emptyDraft(), {
    fields: WIRE_FIELDS,
    check: (draft) => {
      const wrong = wrongIn(draft, own);
      if (wrong.language && wrong.language !== language) route(address(wrong.language), true);
      return wrong.errors;
    },
    send: async () => setAsked(true),
  });
  const draft = form.values;
  return (
    <Page title={m.news_new()} above={<a href="/news">{m.news_title()}</a>} lead={m.news_new_lead()}>
      <Form form={form}>
        <Languages draft={draft} own={own} at={language} />
        <Field key={`title ${language}`} name={`title_${language}`} label={m.news_headline()} />
        <Field
          key={`text ${language}`}
          name={`text_${language}`}
          label={m.news_text()}
          hint={m.news_text_hint()}
          rows={10}
        />
        <Choices
          form={form}
          name="to"
          legend={m.news_who()}
          options={[
            { value: 'everybody', label: m.news_everybody() },
            { value: 'communities', label: m.news_some() },
          ]}
        />
        {draft.to === 'communities' && (
          <Communities
            legend={m.incident_where()}
            communities={communities}
            chosen={draft.community_ids}
            onChange={(chosen) => form.set('community_ids', chosen)}
            id={`${form.id}-community_ids`}
            error={form.errors.community_ids?.()}
          />
        )}
        <NewsPreview key={language} draft={draftIn(draft, language)} />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.continue_action()}</Submit>
          <a class="button button-quiet" href="/news">
            {m.cancel_action()}
          </a>
        </div>
      </Form>
      {asked && (
        <NewsConfirm
          request={requestOf(draft)}
          title={draft[`title_${own}`].trim()}
          to={audienceText(draft, communities)}
          languages={languageNames(languagesOf(draft))}
          attempt={attempt}
          onSent={(news_id) => route(`/news?sent=${news_id}`)}
          onClose={() => setAsked(false)}
        />
      )}
    </Page>
  );
}

/** The languages to write in, the organisation's own first; what is written in each stays while another is shown. */
function Languages({ draft, own, at }: { draft: Draft; own: Locale; at: Locale }) {
  const written = languagesOf(draft);
  const tabs = [own, ...LOCALES.filter((one) => one !== own)].map(
    (one): Tab<Locale> => [
      one,
      address(one),
      <>
        <span lang={one}>{LANGUAGE_NAMES[one]}</span>
        {written.includes(one) && (
          <>
            <Icon name="check" />
            <span class="hidden"> ({m.news_written()})</span>
          </>
        )}
      </>,
    ],
  );
  return (
    <>
      <p class="hint">{m.news_languages_hint({ language: LANGUAGE_NAMES[own] })}</p>
      <Tabs tabs={tabs} at={at} />
    </>
  );
}
