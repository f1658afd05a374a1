import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { PrintButton } from '../ui/facts';
import { LoadedPage } from '../ui/loaded';
import { InstantText } from '../ui/money';
import { Page } from '../ui/page';
import '../styles/news.css';

/** News as whoever was told it reads it, and staff. */
export default function NewsPage() {
  const news_id = useRoute().params.news_id ?? '';
  const loaded = useResource(`news ${news_id}`, () =>
    unwrap(api.GET('/news/{news_id}', { params: { path: { news_id } } })),
  );
  return (
    <LoadedPage of={loaded} title={m.news_title()}>
      {({ title, text, locale, sent_at }) => (
        <Page
          title={title}
          above={isStaff() ? <a href="/news">{m.news_title()}</a> : <a href="/notifications">{m.notice_nav()}</a>}
          lead={
            <>
              {currentMe().organisation.name} · <InstantText at={sent_at} />
            </>
          }
          actions={<PrintButton>{m.print_action()}</PrintButton>}
        >
          <div class="news-text" lang={locale} data-testid="news-text">
            {text.split('\n\n').map((paragraph, at) => (
              <p key={at}>{paragraph}</p>
            ))}
          </div>
        </Page>
      )}
    </LoadedPage>
  );
}
