import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { NoticeTemplate } from '../api/types';
import { locale } from '../i18n/locale';
import { ladderText, natureText } from '../i18n/template-words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { later } from '../ui/later';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { NoticeTabs } from './parts/notice-tabs';
import { grouped } from './parts/notify-groups';

const TemplatePreview = later(() => import('./parts/template-preview'), 6);

/** Everything that people are told, and how it reads. For staff. */
export default function NotificationTemplates() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const { query } = useLocation();
  const read = { locale: locale.value };
  const loaded = useResource(`templates ${read.locale}`, () =>
    unwrap(api.GET('/notification-templates', { params: { query: read } })),
  );
  return (
    <LoadedPage of={loaded} title={m.template_title()}>
      {({ templates }) => {
        if (!query.kind) return <List templates={templates} />;
        const shown = templates.find(({ kind }) => kind === query.kind);
        if (!shown) return <NotFound />;
        return (
          <Page key={shown.kind} title={shown.subject} above={<a href="/notification-templates">{m.template_all()}</a>}>
            <TemplatePreview template={shown} />
          </Page>
        );
      }}
    </LoadedPage>
  );
}

function List({ templates }: { templates: NoticeTemplate[] }) {
  return (
    <Page title={m.template_title()} lead={m.template_lead()}>
      <NoticeTabs at="templates" />
      {grouped(templates).map(({ name, kinds }) => (
        <section key={name} class="section" aria-label={name}>
          <h2>{name}</h2>
          <ul class="plain-rows">
            {kinds.map((one) => (
              <li key={one.kind} data-testid="template" data-kind={one.kind}>
                <div>
                  <a class="row-link" href={`/notification-templates?kind=${one.kind}`}>
                    {one.subject}
                  </a>
                  <span class="note">
                    {natureText(one)} · {ladderText(one)}
                  </span>
                </div>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}
