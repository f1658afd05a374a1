import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '../src/api/problem';
import { news, preview } from './notice-fixtures';
import { begin, body, button, calls, click, end, labelled, put, root, sent, show, text } from './staff-page';

vi.mock('../src/api/client', async () => (await import('./staff-page')).client);

const { default: News } = await import('../src/pages/news');
const { default: NewsNew } = await import('../src/pages/news-new');
const { noticePage, noticeText } = await import('../src/i18n/notice-words');

const part = (name: string) => root.querySelector<HTMLElement>(`[data-testid="${name}"]`);
const write = () => show('/news/new', '/news/new', NewsNew);
const tab = (name: string) =>
  [...root.querySelectorAll<HTMLElement>('.tabs a')].find((one) => one.textContent?.startsWith(name));
const fill = async (title: string, words: string) => {
  await put(labelled('Title'), title);
  await put(labelled('Text'), words);
};
const dialog = () => root.querySelector('dialog');

beforeEach(begin);
afterEach(end);

it('names in the inbox what a notice of news is about, and leads to it', () => {
  const one = { kind: 'newsletter', about: { news_id: 'nws_2' }, values: { title: 'Lift' } };
  expect([noticeText(one, 'Europe/Warsaw'), noticePage(one)]).toEqual(['Lift', '/news/nws_2']);
  expect(noticeText({ ...one, values: {} }, 'Europe/Warsaw')).toBe('There is news for you in the portal');
});

it('lists what was sent, to whom and how many were told', async () => {
  await show('/news', '/news', News);
  const rows = [...root.querySelectorAll('[data-testid=news-row]')].map((row) => row.textContent);
  expect(rows[0]).toContain('Everybody with a contract');
  expect(rows[0]).toContain('412');
  expect(rows[1]).not.toContain('Everybody');
  expect(root.querySelector('[data-testid=news-row] a')?.getAttribute('href')).toBe('/news/nws_2');
});

it('says that there is none', async () => {
  calls.GET.mockImplementation(async () => ({ items: [], next_cursor: null }));
  await show('/news', '/news', News);
  expect(text()).toContain('No news has been sent yet.');
});

it('keeps what is written in one language while another is shown, and sends both once that is confirmed', async () => {
  await write();
  expect(tab('Polski')?.getAttribute('aria-current')).toBe('page');
  await fill(' Godziny ', 'Do 18.');
  await click(tab('Українська'));
  expect(labelled('Title').value).toBe('');
  await fill('Години', 'До 18.');
  await click(tab('Polski'));
  expect(labelled('Title').value).toBe(' Godziny ');
  expect(tab('Українська')?.textContent).toContain('written');
  await click(button('Continue'));
  expect(calls.POST).not.toHaveBeenCalled();
  expect(part('news-to')?.textContent).toBe('Everybody with a contract');
  expect(dialog()?.textContent).toContain('Polski, Українська');
  calls.POST.mockResolvedValue(news[0]);
  await click(button('Send', dialog() as Element));
  expect(body('POST')).toEqual({
    words: { pl: { title: 'Godziny', text: 'Do 18.' }, uk: { title: 'Години', text: 'До 18.' } },
    community_ids: null,
  });
  expect(location.pathname + location.search).toBe('/news?sent=nws_2');
});

it('leads to the language in which something is missing', async () => {
  await write();
  await click(tab('Українська'));
  await put(labelled('Title'), 'Години');
  await click(button('Continue'));
  expect(tab('Polski')?.getAttribute('aria-current')).toBe('page');
  expect(labelled('Title').getAttribute('aria-invalid')).toBe('true');
  await fill('x'.repeat(121), 'Do 18.');
  await click(button('Continue'));
  expect(labelled('Title').getAttribute('aria-invalid')).toBe('true');
  await put(labelled('Title'), 'Godziny');
  await click(button('Continue'));
  expect(tab('Українська')?.getAttribute('aria-current')).toBe('page');
  expect(labelled('Text').getAttribute('aria-invalid')).toBe('true');
  expect(dialog()).toBeNull();
});

it('sends to chosen communities only, and a second time after a lost answer under the same key', async () => {
  await write();
  await fill('Godziny', 'Do 18.');
  await click(labelled('Only certain communities'));
  await click(button('Continue'));
  expect(text()).toContain('Choose at least one community.');
  await click(root.querySelector('.tick-list input'));
  await click(button('Continue'));
  calls.POST.mockRejectedValueOnce(new Problem('network_error'));
  await click(button('Send', dialog() as Element));
  expect(dialog()?.querySelector('[data-testid=failed]')).toBeTruthy();
  await click(button('Cancel', dialog() as Element));
  await click(button('Continue'));
  calls.POST.mockResolvedValue(news[1]);
  await click(button('Send', dialog() as Element));
  expect(body('POST').community_ids).toHaveLength(1);
  const keys = sent('POST').map(([, init]) => (init as { headers: Record<string, string> }).headers['Idempotency-Key']);
  expect(keys[0]).toBe(keys[1]);
});

it('shows how it reads, no longer once something else was typed, and sends a test of what is shown', async () => {
  await write();
  await click(button('See how it reads'));
  expect(part('preview-wanted')).toBeTruthy();
  await fill('Godziny', 'Do 18.');
  calls.POST.mockResolvedValueOnce(preview);
  await click(button('See how it reads'));
  expect(body('POST')).toEqual({ title: 'Godziny', text: 'Do 18.', locale: 'pl' });
  expect(part('news-preview')?.querySelector('iframe')?.getAttribute('srcdoc')).toContain('Your payment');
  calls.POST.mockResolvedValueOnce({ state: 'sent', code: '' });
  await click(button('Send me a test'));
  expect(sent('POST')[1]).toEqual(['/news/test', { body: { title: 'Godziny', text: 'Do 18.', locale: 'pl' } }]);
  expect(part('test-sent')).toBeTruthy();
  await put(labelled('Text'), 'Do 19.');
  expect(part('news-preview')).toBeNull();
});
