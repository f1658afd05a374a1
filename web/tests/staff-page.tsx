import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { expect, vi } from 'vitest';
import { answers, me, organisation, staffAnswers } from './fixtures';

/** A page as staff see and use it. Of the site nothing is imported here before a test begins: its file says what is mocked. */
export type Call = [path: string, init?: Record<string, unknown>];
export const calls = { GET: vi.fn(), POST: vi.fn(), PATCH: vi.fn(), PUT: vi.fn(), DELETE: vi.fn() };
/** In the place of `src/api/client`. */
export const client = {
  onSessionLost: () => undefined,
  unwrap: (asked: Promise<unknown>) => asked,
  unwrapMarked: async (asked: Promise<unknown>) => ({ data: await asked, mark: null }),
  api: calls,
};
export let root: HTMLElement;

const wait = () => act(async () => void (await new Promise((done) => setTimeout(done, 5))));
/** Until what was asked for is there, also the parts of a page that have files of their own. */
export const settle = async () => {
  await wait();
  for (let turn = 0; turn < 60 && root.querySelector('.skeleton'); turn += 1) await wait();
};
export const click = async (element: Element | null | undefined) => {
  expect(element).toBeTruthy();
  await act(() => void (element as HTMLElement).click());
  await settle();
};
export const button = (text: string, within: ParentNode = root) =>
  [...within.querySelectorAll('button')].find((one) => one.textContent?.trim().startsWith(text));
/** The field whose label is so, or else begins so. */
export const labelled = (text: string, within: ParentNode = root) => {
  const labels = [...within.querySelectorAll('label')].map((one) => ({ one, words: one.textContent?.trim() }));
  const label = labels.find(({ words }) => words === text) ?? labels.find(({ words }) => words?.startsWith(text));
  return within.querySelector(`[id="${label?.one.getAttribute('for')}"]`) as HTMLInputElement;
};
export const put = async (control: HTMLInputElement, value: string, type: 'input' | 'change' = 'input') => {
  await act(() => {
    control.value = value;
    control.dispatchEvent(new Event(type, { bubbles: true }));
  });
  await settle();
};
export const press = async (
  key: string,
  target: EventTarget = document.activeElement ?? document.body,
  more: KeyboardEventInit = {},
) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  await act(() => void target.dispatchEvent(event));
  await settle();
};
export const text = () => root.textContent ?? '';
export const sent = (method: keyof typeof calls): Call[] => calls[method].mock.calls as Call[];
// biome-ignore lint/suspicious/noExplicitAny: the body of a call is whatever the page has sent.
export const body = (method: keyof typeof calls, at = 0): any => sent(method)[at]?.[1]?.body;

export async function show(path: string, address: string, component: () => preact.JSX.Element | null) {
  await act(() => render(null, root));
  history.replaceState(null, '', address);
  await act(() => {
    render(
      <LocationProvider>
        <Router>
          <Route path={path} component={component} />
          <Route default component={() => <p>elsewhere</p>} />
        </Router>
      </LocationProvider>,
      root,
    );
  });
  await settle();
  await settle();
}

/** Before each test: somebody of staff, in English, of whom the server knows what the fixtures say. */
export async function begin() {
  const [{ locale }, { session }, { keepOrganisation }] = await Promise.all([
    import('../src/i18n/locale'),
    import('../src/session/session'),
    import('../src/theme/theme'),
  ]);
  locale.value = 'en';
  localStorage.clear();
  session.value = { state: 'in', me: me(['staff']) };
  keepOrganisation(organisation);
  for (const call of Object.values(calls)) call.mockReset();
  calls.GET.mockImplementation(async (path: string) => staffAnswers[path] ?? answers[path]);
  for (const call of [calls.POST, calls.PATCH, calls.PUT, calls.DELETE]) call.mockResolvedValue({});
  root = document.body.appendChild(document.createElement('div'));
}

export async function end() {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
}
