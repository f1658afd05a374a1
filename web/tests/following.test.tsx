import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, onSessionLost } from '../src/api/client';
import { EVERY, type Followed, useFollowed, useFollowedPages, waitAfter } from '../src/api/following';
import type { Page, Pages } from '../src/api/resource';

type Shown = { version: number };

let root: HTMLElement;
let visible: 'visible' | 'hidden';
let now: Followed<Shown>;
const ask = vi.fn<(headers: Record<string, string>) => Promise<Answer<Shown>>>();

const found = (version: number, mark = `"${version}"`): Answer<Shown> => ({
  data: { version },
  response: new Response('{}', { status: 200, headers: { ETag: mark } }),
});
const unchanged = (): Answer<Shown> => ({ response: new Response(null, { status: 304 }) });
const refused = (status: number, code: string, headers: HeadersInit = {}): Answer<Shown> => ({
  error: { code },
  response: new Response('{}', { status, headers }),
});

function Sample({ name }: { name: string }) {
  now = useFollowed(name, ask);
  return null;
}

const show = (name: string) => act(() => render(<Sample name={name} />, root));
const pass = (time: number) => act(async () => void (await vi.advanceTimersByTimeAsync(time)));
const turn = (to: typeof visible) =>
  act(async () => {
    visible = to;
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(0);
  });

beforeEach(() => {
  vi.useFakeTimers();
  visible = 'visible';
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visible);
  ask.mockReset();
  ask.mockImplementation(async () => unchanged());
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('looks every two seconds, sends the mark back, and leaves the data alone at 304', async () => {
  ask.mockResolvedValueOnce(found(1));
  await show('one');
  await pass(0);
  const data = now.data;
  expect(data).toEqual({ version: 1 });
  expect(ask.mock.calls).toEqual([[{}]]);
  await pass(EVERY);
  await pass(EVERY);
  expect(ask.mock.calls.slice(1)).toEqual([[{ 'If-None-Match': '"1"' }], [{ 'If-None-Match': '"1"' }]]);
  expect(now.data).toBe(data);
  ask.mockResolvedValueOnce(found(2));
  await pass(EVERY);
  expect(now.data).toEqual({ version: 2 });
  await pass(EVERY);
  expect(ask.mock.lastCall).toEqual([{ 'If-None-Match': '"2"' }]);
  expect(EVERY).toBeLessThan(3000);
});

it('rests while it cannot be seen, and looks at once when it is shown again', async () => {
  ask.mockResolvedValueOnce(found(1));
  await show('one');
  await pass(0);
  await turn('hidden');
  await pass(20 * EVERY);
  expect(ask).toHaveBeenCalledTimes(1);
  ask.mockResolvedValueOnce(found(2));
  await turn('visible');
  expect(ask).toHaveBeenCalledTimes(2);
  expect(now.data).toEqual({ version: 2 });
  await pass(EVERY);
  expect(ask).toHaveBeenCalledTimes(3);
});

it('is loaded once when it is opened in the background', async () => {
  visible = 'hidden';
  ask.mockResolvedValueOnce(found(1));
  await show('one');
  await pass(10 * EVERY);
  expect(now.data).toEqual({ version: 1 });
  expect(ask).toHaveBeenCalledTimes(1);
});

it('failures keep the data, say what is wrong, and come ever more slowly until one goes well', async () => {
  ask.mockResolvedValueOnce(found(1));
  await show('one');
  await pass(0);
  ask.mockRejectedValue(new TypeError('Failed to fetch'));
  await pass(EVERY);
  expect(now.problem?.code).toBe('network_error');
  expect(now.data).toEqual({ version: 1 });
  await pass(EVERY);
  expect(ask).toHaveBeenCalledTimes(2);
  await pass(EVERY);
  expect(ask).toHaveBeenCalledTimes(3);
  await pass(2 * EVERY);
  expect(ask).toHaveBeenCalledTimes(3);
  ask.mockImplementation(async () => unchanged());
  await pass(2 * EVERY);
  expect(ask).toHaveBeenCalledTimes(4);
  expect(now.problem).toBeNull();
  expect(now.data).toEqual({ version: 1 });
  await pass(EVERY);
  expect(ask).toHaveBeenCalledTimes(5);
});

it('looks at once when the network is back', async () => {
  ask.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await show('one');
  await pass(0);
  ask.mockResolvedValueOnce(found(1));
  await act(async () => {
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
  });
  expect(now).toMatchObject({ data: { version: 1 }, problem: null });
});

it('waits: doubling up to a minute, and as long as the answer asks for', () => {
  expect([0, 1, 2, 3, 9].map((failures) => waitAfter(failures, null))).toEqual([2000, 4000, 8000, 16_000, 60_000]);
  expect(waitAfter(1, 120)).toBe(120_000);
});

it.each([
  [401, 'not_signed_in', 1],
  [404, 'not_found', 0],
])('ends at %i %s; an ended session is told as everywhere', async (status, code, times) => {
  const lost = vi.fn();
  onSessionLost(lost);
  ask.mockResolvedValue(refused(status, code));
  await show('one');
  await pass(60 * EVERY);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(now.problem?.status).toBe(status);
  expect(lost).toHaveBeenCalledTimes(times);
});

it('a look that is asked for during another comes after it, so that an own change is seen', async () => {
  let answer: (value: Answer<Shown>) => void = () => {};
  ask.mockImplementationOnce(() => new Promise((done) => (answer = done)));
  await show('one');
  now.look();
  expect(ask).toHaveBeenCalledTimes(1);
  ask.mockResolvedValueOnce(found(2));
  answer(found(1));
  await pass(0);
  expect(ask).toHaveBeenCalledTimes(2);
  expect(now.data).toEqual({ version: 2 });
});

it('another key starts anew without its mark; what comes too late is dropped', async () => {
  let late: (value: Answer<Shown>) => void = () => {};
  ask.mockImplementationOnce(() => new Promise((done) => (late = done)));
  await show('one');
  ask.mockResolvedValueOnce(found(2));
  await show('two');
  await pass(0);
  expect(ask.mock.calls).toEqual([[{}], [{}]]);
  late(found(1));
  await pass(0);
  expect(now.data).toEqual({ version: 2 });
});

it('nobody looks any more once the page is left', async () => {
  await show('one');
  await act(() => render(null, root));
  await pass(10 * EVERY);
  await turn('hidden');
  await turn('visible');
  expect(ask).toHaveBeenCalledTimes(1);
});

describe('a list', () => {
  let pages: Pages<string>;
  const list = vi.fn<(headers: Record<string, string>, cursor?: string) => Promise<Answer<Page<string>>>>();
  const page = (items: string[], next_cursor: string | null): Answer<Page<string>> => ({
    data: { items, next_cursor },
    response: new Response('{}', { status: 200, headers: { ETag: items.join() } }),
  });
  function List() {
    pages = useFollowedPages('list', list);
    return null;
  }
  beforeEach(() => list.mockReset());

  it('follows its first page; what was shown beyond it is fetched anew when that changes', async () => {
    list.mockResolvedValueOnce(page(['c'], '1')).mockResolvedValueOnce(page(['b'], '2'));
    await act(() => render(<List />, root));
    await pass(0);
    expect([pages.items, pages.more]).toEqual([['c'], 'idle']);
    await act(() => pages.loadMore());
    await pass(0);
    expect(pages.items).toEqual(['c', 'b']);
    list
      .mockResolvedValueOnce(page(['d'], '3'))
      .mockResolvedValueOnce(page(['c'], null))
      .mockImplementation(async () => ({ response: new Response(null, { status: 304 }) }));
    await pass(EVERY);
    await pass(0);
    expect(list.mock.lastCall).toEqual([{}, '3']);
    expect([pages.items, pages.more]).toEqual([['d', 'c'], 'none']);
  });

  it('says that more could not be loaded, and tries again', async () => {
    list.mockResolvedValueOnce(page(['c'], '1')).mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await act(() => render(<List />, root));
    await pass(0);
    await act(() => pages.loadMore());
    await pass(0);
    expect([pages.items, pages.more]).toEqual([['c'], 'failed']);
    list.mockResolvedValueOnce(page(['b'], null));
    await act(() => pages.loadMore());
    await pass(0);
    expect([pages.items, pages.more]).toEqual([['c', 'b'], 'none']);
  });
});
