import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OnlinePayment } from '../src/api/types';
import { answers, me, onlinePayment } from './fixtures';

type State = OnlinePayment['state'];

const look = vi.fn<() => unknown>();
const get = vi.fn<(path: string) => unknown>();

vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (wanted: Promise<unknown>) => wanted,
  api: {
    GET: async (path: string, init: { params: { path?: { payment_id?: string } } }) => {
      if (path !== '/payments/{payment_id}') return get(path) ?? answers[path];
      asked.push(init.params.path?.payment_id);
      return look();
    },
  },
}));

const { session } = await import('../src/session/session');
const { locale } = await import('../src/i18n/locale');
const { m } = await import('../src/paraglide/messages.js');
const { Problem } = await import('../src/api/problem');
const { PAYMENT_STATES } = await import('../src/i18n/pay-words');
const { default: PaymentPage } = await import('../src/pages/payment');
const { default: AccountPage } = await import('../src/pages/account');
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/{pay,refund}-*.tsx')).map((load) => load()));

vi.setConfig({ testTimeout: 30_000 });

const payment = (state: State, more: Partial<OnlinePayment> = {}): OnlinePayment => ({
  ...onlinePayment,
  payment_id: 'pay_9',
  state,
  refunded: 0,
  double_payment_ids: [],
  double_of: [],
  doubled: 0,
  ...more,
});

let root: HTMLElement;
let visible: 'visible' | 'hidden';
let asked: (string | undefined)[] = [];

const pass = async (time: number) => {
  await act(async () => void (await vi.advanceTimersByTimeAsync(time)));
};
const settle = async () => {
  for (let turn = 0; turn < 8; turn += 1) await pass(1);
};
const turn = (to: typeof visible) =>
  act(async () => {
    visible = to;
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(0);
  });

async function open(address = '/payments/return?payment_id=pay_9') {
  await act(() => render(null, root));
  history.replaceState(null, '', address);
  await act(() =>
    render(
      <LocationProvider>
        <Router>
          <Route path="/payments/:payment_id" component={PaymentPage} />
          <Route path="/accounts/:contract_id" component={AccountPage} />
          <Route default component={() => <p>elsewhere</p>} />
        </Router>
      </LocationProvider>,
      root,
    ),
  );
  await settle();
}

const part = (name: string) => [...root.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`)];
const state = () => part('payment')[0]?.dataset.state;
const words = (node: Element | null | undefined) => (node?.textContent ?? '').replaceAll('\u00a0', ' ');
const link = (name: string) =>
  [...root.querySelectorAll<HTMLElement>('a, button')].find((node) => words(node).trim() === name);

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T09:00:00Z') });
  visible = 'visible';
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visible);
  locale.value = 'en';
  look.mockReset();
  get.mockReset();
  asked = [];
  session.value = { state: 'in', me: me(['tenant']) };
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('while nobody knows yet', () => {
  it('is looked at ever more slowly, changes by itself in place, and is left alone at the end', async () => {
    look.mockImplementation(() => payment('started'));
    await open();
    expect(asked).toEqual(['pay_9']);
    const notice = part('payment-state')[0];
    expect(notice?.getAttribute('role')).toBe('status');
    expect(words(notice)).toContain(PAYMENT_STATES.started());
    expect(link(m.pay_other_way())?.getAttribute('href')).toBe('/accounts/con_1/pay?items=chg_1');
    await pass(10_000);
    const soon = asked.length;
    expect(soon).toBeGreaterThan(4);
    await pass(10 * 60_000);
    const before = asked.length;
    await pass(10 * 60_000);
    // Once a minute at last.
    expect(asked.length - before).toBe(10);
    look.mockImplementation(() => payment('pending'));
    await pass(60_000);
    expect(state()).toBe('pending');
    look.mockImplementation(() => payment('settled'));
    await pass(60_000);
    await settle();
    expect(state()).toBe('settled');
    expect(part('payment-state')[0]).toBe(notice);
    const end = asked.length;
    await pass(60 * 60_000);
    expect(asked.length).toBe(end);
  });

  it('rests while it is hidden, and is looked at when it is shown again', async () => {
    look.mockImplementation(() => payment('pending'));
    await open();
    await turn('hidden');
    const before = asked.length;
    await pass(60 * 60_000);
    expect(asked.length).toBe(before);
    look.mockImplementation(() => payment('settled'));
    await turn('visible');
    await settle();
    expect(asked.length).toBe(before + 1);
    expect(state()).toBe('settled');
    await turn('hidden');
    await turn('visible');
    expect(asked.length).toBe(before + 1);
  });

  it('hidden during a look, it waits for the reader', async () => {
    let answer = (_: OnlinePayment) => {};
    look.mockImplementation(() => new Promise((done) => (answer = done)));
    await open();
    await turn('hidden');
    answer(payment('started'));
    await pass(60_000);
    expect(asked).toHaveLength(1);
    await turn('visible');
    expect(asked).toHaveLength(2);
  });

  it('leads back to the provider, and says what to do when the money is gone', async () => {
    const assign = vi.spyOn(window.location, 'assign').mockImplementation(() => undefined);
    const redirect = { method: 'GET' as const, url: 'https://pay.example/1', fields: {} };
    look.mockImplementation(() => payment('started', { redirect }));
    await open();
    await act(() => link(m.pay_go_on())?.click());
    expect(assign).toHaveBeenCalledWith('https://pay.example/1');
    expect(words(root.querySelector('details'))).toContain('pay_9');
    // Already being processed: whoever goes on would pay twice.
    look.mockImplementation(() => payment('pending', { redirect }));
    await open();
    expect(link(m.pay_go_on())).toBeUndefined();
    expect(link(m.pay_other_way())).toBeUndefined();
  });

  it('a look that fails is said, and tried again by itself', async () => {
    look.mockImplementationOnce(() => Promise.reject(new Problem('network_error')));
    look.mockImplementation(() => payment('settled'));
    await open();
    expect(part('failed')).toHaveLength(1);
    await pass(1000);
    await settle();
    expect(part('failed')).toEqual([]);
    expect(state()).toBe('settled');
    look.mockImplementation(() => Promise.reject(new Problem('not_found', 404)));
    await open('/payments/pay_other');
    expect(asked.at(-1)).toBe('pay_other');
    expect(part('not-found')).toHaveLength(1);
  });
});

describe('without success', () => {
  it.each(['started', 'failed'] as const)('%s: staff pay nothing for others', async (at) => {
    const again = () => link(m.try_again()) ?? link(m.pay_other_way());
    const shown = async (roles: Parameters<typeof me>[0], payer_id: string | null) => {
      session.value = { state: 'in', me: me(roles) };
      look.mockImplementation(() => payment(at, { payer_id }));
      await open();
      expect(state()).toBe(at);
      return again();
    };
    expect(await shown(['staff'], 'per_other')).toBeUndefined();
    expect(await shown(['staff'], me(['staff']).person.person_id)).toBeDefined();
    expect(await shown(['tenant'], null)).toBeDefined();
  });

  it('without a number there is no such page, and nothing is asked', async () => {
    await open('/payments/return');
    expect(part('not-found')).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it.each(['failed', 'expired', 'cancelled'] as const)('%s is said, with the same to try again', async (end) => {
    look.mockImplementation(() => payment(end, { charge_ids: ['chg_1', 'chg_2'] }));
    await open();
    expect(words(part('payment-state')[0])).toContain(PAYMENT_STATES[end]());
    expect(link(m.try_again())?.getAttribute('href')).toBe('/accounts/con_1/pay?items=chg_1,chg_2');
    expect(part('receipt')).toEqual([]);
    look.mockImplementation(() => payment(end, { charge_ids: [], amount: 700 }));
    await open();
    expect(link(m.try_again())?.getAttribute('href')).toBe('/accounts/con_1/pay?amount=700');
  });

  it('taken back: what was paid is open again, and there is no receipt', async () => {
    look.mockImplementation(() => payment('disputed'));
    await open();
    expect(words(part('payment-state')[0])).toContain('PLN 55.00');
    expect(part('receipt')).toEqual([]);
  });
});

describe('the receipt', () => {
  it('names who paid whom, when, how much, and what for', async () => {
    look.mockImplementation(() => payment('settled'));
    await open();
    const receipt = words(part('receipt')[0]);
    for (const fact of [
      '«first» «last»',
      '«organisation»',
      '«number»',
      '22 November 2026',
      'Rent, «description»',
      'PLN 55.00',
      'PLN 0.55',
      'PLN 55.55',
      'Autopay',
      'pay_9',
    ])
      expect(receipt).toContain(fact);
    const print = vi.fn();
    vi.stubGlobal('print', print);
    await act(() => link(m.print_action())?.click());
    expect(print).toHaveBeenCalledTimes(1);
    expect(link(m.home_see_account())?.getAttribute('href')).toBe('/accounts/con_1?tab=payments');
  });

  it('does not say to others of the household who paid; staff read the name', async () => {
    look.mockImplementation(() => payment('settled', { payer_id: null }));
    await open();
    expect(words(part('receipt')[0])).not.toContain(m.pay_payer());
    session.value = { state: 'in', me: me(['staff']) };
    get.mockImplementation((path) => (path === '/people/names' ? { items: [{ name: '«payer»' }] } : undefined));
    look.mockImplementation(() => payment('settled', { payer_id: 'per_7' }));
    await open();
    expect(words(part('receipt')[0])).toContain('«payer»');
  });

  it('says what went back, and that something was paid twice', async () => {
    look.mockImplementation(() => payment('part_refunded', { refunded: 1000, double_payment_ids: ['pay_10'] }));
    await open();
    expect(words(part('receipt')[0])).toContain('PLN 10.00');
    expect(words(part('paid-twice')[0])).toContain(m.pay_double_text());
    look.mockImplementation(() => payment('settled', { double_of: ['pay_8'], doubled: 45000 }));
    await open();
    expect(words(part('paid-twice')[0])).toContain(m.pay_double({ count: 1 }));
    look.mockImplementation(() => payment('settled', { charge_ids: [] }));
    await open();
    expect(part('paid-twice')).toEqual([]);
    expect(words(part('receipt')[0])).toContain(m.pay_paid_account());
    expect(words(part('receipt')[0])).toContain(m.pay_total());
    look.mockImplementation(() => payment('settled', { fee: 0 }));
    await open();
    expect(words(part('receipt')[0])).not.toContain(m.pay_total());
  });

  it('is a reçu in French, never a quittance', async () => {
    locale.value = 'fr';
    look.mockImplementation(() => payment('settled'));
    await open();
    expect(words(root)).toContain('Reçu');
    expect(words(root).toLowerCase()).not.toContain('quittance');
  });
});

describe('the account', () => {
  it('lists what was paid online beside the booked payments, also to staff, who are not asked to pay', async () => {
    const second = payment('failed', { payment_id: 'pay_8', double_payment_ids: ['pay_10'] });
    const page = { items: [payment('settled'), second], next_cursor: null };
    get.mockImplementation((path) => (path === '/payments' ? page : undefined));
    await open('/accounts/con_1?tab=payments');
    const rows = part('online-payment-row');
    expect(rows.map((row) => row.querySelector('a')?.getAttribute('href'))).toEqual([
      '/payments/pay_9',
      '/payments/pay_8',
    ]);
    expect(words(rows[1])).toContain(PAYMENT_STATES.failed());
    expect(rows.map((row) => words(row).includes(m.pay_double({ count: 1 })))).toEqual([false, true]);
    expect(part('pay-online')).toHaveLength(1);
    session.value = { state: 'in', me: me(['staff']) };
    await open('/accounts/con_1?tab=payments');
    expect(part('online-payment-row')).toHaveLength(2);
    expect(part('pay-online')).toEqual([]);
  });
});
