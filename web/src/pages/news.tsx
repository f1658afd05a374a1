import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { NewsItem } from '../api/types';
import { number } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Icon } from '../ui/icon';
import { InstantText } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';
import { nameOfPerson, useCommunities, useNames } from './parts/desk-data';
import { NoticeTabs } from './parts/notice-tabs';

/** In the place of a name that is not there yet, so that the row does not grow when it comes. */
const UNKNOWN = '–';

/** What staff have sent, newest first. */
export default function News() {
  return isStaff() ? <List /> : <NotFound />;
}

function List() {
  const { query } = useLocation();
  const pages = usePages('news', (cursor) => unwrap(api.GET('/news', { params: { query: cursor ? { cursor } : {} } })));
  const communities = useCommunities();
  useNames(
    pages.items.map((one) => one.sent_by),
    [],
  );
  const columns: Column<NewsItem>[] = [
    {
      id: 'title',
      header: m.news_headline(),
      head: true,
      cell: (row) => <a href={`/news/${row.news_id}`}>{row.title}</a>,
    },
    { id: 'when', header: m.news_when(), cell: (row) => <InstantText at={row.sent_at} /> },
    { id: 'by', header: m.news_by(), cell: (row) => nameOfPerson(row.sent_by) || UNKNOWN },
    {
      id: 'to',
      header: m.news_to(),
      cell: (row) => row.community_ids?.map((id) => communities.get(id) ?? UNKNOWN).join(', ') ?? m.news_everybody(),
    },
    {
      id: 'told',
      header: m.news_told(),
      numeric: true,
      cell: (row) => <span class="figures">{number(row.told)}</span>,
    },
  ];
  return (
    <Page
      wide
      title={m.news_title()}
      lead={m.news_lead()}
      actions={
        <a class="button button-main" href="/news/new">
          <Icon name="plus" />
          {m.news_new()}
        </a>
      }
    >
      <NoticeTabs at="news" />
      {query.sent && <Notice kind="good" title={m.news_sent()} focus testId="news-sent" />}
      <ListTable
        caption={m.news_title()}
        hideCaption
        columns={columns}
        pages={pages}
        rowKey={(row) => row.news_id}
        rowTestId="news-row"
        empty={m.news_none()}
      />
    </Page>
  );
}
