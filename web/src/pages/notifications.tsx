import { useState } from 'preact/hooks';
import { api, unwrap } from '../api/client';
import { useFollowedPages } from '../api/following';
import { Problem } from '../api/problem';
import type { Pages } from '../api/resource';
import type { NoticeItem } from '../api/types';
import { deliveryState } from '../i18n/delivery-words';
import { instant } from '../i18n/format';
import { channelName } from '../i18n/notice-channels';
import { noticePage, noticeText } from '../i18n/notice-words';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { unread } from '../session/unread';
import { Skeleton } from '../ui/loaded';
import { InstantText } from '../ui/money';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { More } from '../ui/table';
import '../styles/notifications.css';

const EVERY = 60_000;
/** One request marks about a hundred; who has not looked for years may press again. */
const ROUNDS = 10;

/** What the reader was told, newest first. What he opens counts as read; the rest when he says so. */
export default function Notifications() {
  const pages = useFollowedPages<NoticeItem>('notices', ask, EVERY);
  const { items } = pages;
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isRead = (one: NoticeItem) => one.read || read.has(one.notice_id);
  const mark = async (marked: string[], all: boolean) => {
    setProblem(null);
    setRead((old) => new Set([...old, ...marked]));
    try {
      for (let round = 0; round < (all ? ROUNDS : 1); round += 1) {
        unread.value = (await send(all ? null : marked)).unread;
        if (unread.value === 0) break;
      }
    } catch (error) {
      setRead((old) => new Set([...old].filter((id) => !marked.includes(id))));
      setProblem(Problem.of(error));
    }
    pages.reload();
  };
  const markAll = () => {
    if (busy) return;
    setBusy(true);
    const shown = items.filter((one) => !isRead(one)).map((one) => one.notice_id);
    void mark(shown, true).then(() => {
      setBusy(false);
      setDone(true);
    });
  };
  const fresh = !!unread.value || items.some((one) => !isRead(one));
  return (
    <Page
      title={m.notice_nav()}
      lead={m.notice_lead()}
      actions={
        <>
          {fresh && (
            <button type="button" class="button" aria-disabled={busy} data-busy={busy || undefined} onClick={markAll}>
              {m.notice_read_all()}
            </button>
          )}
          <a class="button" href="/own-data/notifications">
            {m.notice_settings()}
          </a>
        </>
      }
    >
      {problem && <Failed problem={problem} />}
      {done && !fresh && <Notice kind="good" title={m.notice_all_read()} focus testId="all-read" />}
      <List pages={pages} isRead={isRead} onRead={(one) => void mark([one.notice_id], false)} />
    </Page>
  );
}

/** A look at the inbox; the first page says how much is unread, and the bell hears of it. */
async function ask(headers: Record<string, string>, cursor?: string) {
  const answer = await api.GET('/notifications', { params: { query: { ...(cursor && { cursor }) } }, headers });
  if (!cursor && answer.data) unread.value = answer.data.unread;
  return answer;
}

const send = (notice_ids: string[] | null) => unwrap(api.POST('/notifications/read', { body: { notice_ids } }));

interface ListProps {
  pages: Pages<NoticeItem>;
  isRead: (one: NoticeItem) => boolean;
  onRead: (one: NoticeItem) => void;
}

function List({ pages, isRead, onRead }: ListProps) {
  const { first, items } = pages;
  if (first.state === 'loading') return <Skeleton lines={6} />;
  if (first.state === 'failed') return <Failed problem={first.problem} retry={pages.reload} />;
  if (items.length === 0) return <p class="empty">{m.notice_none()}</p>;
  return (
    <div>
      <ul class="notices">
        {items.map((one) => (
          <Row key={one.notice_id} notice={one} read={isRead(one)} onRead={() => onRead(one)} />
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}

/** By which way it was sent besides, what became of it, and when, where that was later. */
function sentBy({ channel, state, at, digest }: NoticeItem['deliveries'][number], told_at: string): string {
  const [then, told] = [at, told_at].map((one) => instant(one, currentMe().organisation.time_zone));
  const what = m.notify_by({ what: channelName(channel), channel: deliveryState(state) });
  return [what, then === told ? '' : then, digest ? m.notify_log_digest() : ''].filter(Boolean).join(', ');
}

function Row({ notice, read, onRead }: { notice: NoticeItem; read: boolean; onRead: () => void }) {
  const page = noticePage(notice);
  const text = noticeText(notice, currentMe().organisation.time_zone);
  return (
    <li class={read ? 'notice-row' : 'notice-row notice-fresh'} data-testid="notice-row" data-kind={notice.kind}>
      <p class="notice-text">
        {!read && <span class="notice-mark">{m.notice_unread()} </span>}
        {page ? (
          <a href={page} onClick={read ? undefined : onRead}>
            {text}
          </a>
        ) : (
          text
        )}
      </p>
      <p class="muted small">
        <InstantText at={notice.created_at} />
        {notice.deliveries.map((one) => (
          <span key={`${one.channel} ${one.at}`} data-testid="sent-by" data-state={one.state}>
            {` · ${sentBy(one, notice.created_at)}`}
          </span>
        ))}
      </p>
      {!read && !page && (
        <button type="button" class="button button-quiet" onClick={onRead}>
          {m.notice_read_one()}
          <span class="hidden">: {text}</span>
        </button>
      )}
    </li>
  );
}
