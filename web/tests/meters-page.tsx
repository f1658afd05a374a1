import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { vi } from 'vitest';
import { locale } from '../src/i18n/locale';
import Home from '../src/pages/home';
import MeterUse from '../src/pages/meter-use';
import Meters from '../src/pages/meters';
import { PAUSE } from '../src/pages/parts/meter-sheet';
import { session } from '../src/session/session';
import { me, organisation } from './fixtures';
import { meterItem } from './meter-fixtures';
import { check, judged, one, read, receipt, server } from './meters-server';

/** The pages of meters as a household sees and uses them. */
export let root: HTMLElement;

export const settle = async (pause = 0) => {
  await act(async () => void (await vi.advanceTimersByTimeAsync(pause)));
  for (let turn = 0; turn < 6; turn += 1) await act(async () => void (await vi.advanceTimersByTimeAsync(1)));
};

export async function open(address = '/meters') {
  await act(() => render(null, root));
  history.replaceState(null, '', address);
  await act(() =>
    render(
      <LocationProvider>
        <Router>
          <Route path="/meters" component={Meters} />
          <Route path="/meters/use" component={MeterUse} />
          <Route path="/" component={Home} />
          <Route default component={() => <p>elsewhere</p>} />
        </Router>
      </LocationProvider>,
      root,
    ),
  );
  await settle();
}

export const part = (name: string) => [...root.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`)];
export const field = (meter = 'mtr_1', register = 0) => {
  const found = root.querySelector<HTMLInputElement>(`#value-${meter}-${register}`);
  if (!found) throw new Error(`no field ${meter} ${register} in: ${root.textContent}`);
  return found;
};
export async function type(text: string, meter?: string, register?: number, pause = PAUSE) {
  await act(() => {
    const input = field(meter, register);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await settle(pause);
}
export async function tap(words: string) {
  const target = [...root.querySelectorAll<HTMLElement>('a, button, label')].find((node) =>
    node.textContent?.trim().startsWith(words),
  );
  if (!target) throw new Error(`nothing to tap called ${words} in: ${root.textContent}`);
  await act(() => target.click());
  await settle();
}
export const send = async () => {
  await act(() => part('send-readings')[0]?.click());
  await settle();
};
export const kept = () => Object.keys({ ...localStorage }).filter((key) => key.startsWith('lokum.unsent.'));
export const codes = () => part('finding').map((node) => node.dataset.code);

/** Before each test: one home with one meter, a server that accepts, and a day that is always the same. */
export function begin() {
  vi.useFakeTimers({ now: new Date('2026-11-22T09:00:00Z') });
  locale.value = 'en';
  localStorage.clear();
  check.mockReset();
  check.mockReturnValue(judged('accepted'));
  read.mockReset();
  read.mockImplementation((init) => receipt(init));
  server.meters = [meterItem];
  server.asked.length = 0;
  server.contracts = [one];
  session.value = { state: 'in', me: { ...me(['tenant']), organisation } };
  root = document.body.appendChild(document.createElement('div'));
}

export async function end() {
  await act(() => render(null, root));
  root.remove();
  vi.useRealTimers();
}
