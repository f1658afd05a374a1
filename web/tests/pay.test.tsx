import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Charge, PaymentOptions, StartedPayment } from '../src/api/types';
import fees from './fees.json';
import { answers, me, onlinePayment, paymentOptions } from './fixtures';

interface Init {
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

const post = vi.fn<(init: Init) => unknown>();
const get = vi.fn<(path: string) => unknown>();

vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (wanted: Promise<unknown>) => wanted,
  api: {
    GET: async (path: string) => get(path) ?? answers[path],
    POST: async (_: string, init: Init) => post(init),
  },
}));

const { session } = await import('../src/session/session');
const { locale } = await import('../src/i18n/locale');
const { m } = await import('../src/paraglide/messages.js');
const { Problem } = await import('../src/api/problem');
const { PAY_TEXTS } = await import('../src/i18n/pay-codes');
const { feeOf } = await import('../src/pages/parts/pay-rules');
const { default: PayPage } = await import('../src/pages/pay');
const { default: PayEntry } = await import('../src/pages/parts/pay-entry');
const { default: Home } = await import('../src/pages/home');

vi.setConfig({ testTimeout: 30_000 });

const [autopay, stripe] = paymentOptions.providers as [
  PaymentOptions['providers'][number],
  PaymentOptions['providers'][number],
];
const started = (more: Partial<StartedPayment> = {}): StartedPayment => ({
  payment_id: 'pay_1',
  amount: 5500,
  fee: 183,
  currency: 'PLN',
  expires_at: '2026-11-22T10:30:00Z',
  redirect: { method: 'POST', url: 'https://pay.example/start', fields: { submit: '1', Hash: 'abc' } },
  ...more,
});

let options: PaymentOptions;
let root: HTMLElement;
let went: string[];
let sentForms: [action: string, fields: Record<string, string>][];

const settle = async () => {
  for (let turn = 0; turn < 8; turn += 1) await act(async () => void (await vi.advanceTimersByTimeAsync(1)));
};

async function open(address = '/accounts/con_1/pay') {
  await act(() => render(null, root));
  history.replaceState(null, '', address);
  await act(() =>
    render(
      <LocationProvider>
        <Router>
          <Route path="/accounts/:contract_id/pay" component={PayPage} />
          <Route path="/accounts/:contract_id" component={() => <PayEntry contract_id="con_1" />} />
          <Route path="/" component={Home} />
          <Route default component={() => <p>elsewhere</p>} />
        </Router>
      </LocationProvider>,
      root,
    ),
  );
  await settle();
}

/** As people read it: amounts are kept together by spaces of their own. */
const words = (node: Element | null | undefined) => (node?.textContent ?? '').replaceAll('\u00a0', ' ');
const part = (name: string) => [...root.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`)];
const find = (name: string) => {
  const all = [...root.querySelectorAll<HTMLElement>('a, button, label')];
  const found = all.find((node) => words(node).trim().startsWith(name));
  if (!found) throw new Error(`nothing called ${name} in: ${root.textContent}`);
  return found;
};
const tap = async (name: string) => {
  await act(() => find(name).click());
  await settle();
};
const type = async (name: string, value: string) => {
  await act(() => {
    const field = root.querySelector<HTMLInputElement>(`input[name=${name}]`);
    if (!field) throw new Error(`no field ${name}`);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await settle();
};
const submit = () =>
  act(() => void root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
const pay = async () => {
  await submit();
  await settle();
};
const button = () => words(root.querySelector('button[type=submit]'));
const summary = () => part('error-summary')[0]?.textContent;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T09:00:00Z') });
  locale.value = 'en';
  options = { ...paymentOptions, under_way: [] };
  get.mockReset();
  get.mockImplementation((path) => (path === '/payment-options' ? options : undefined));
  post.mockReset();
  post.mockImplementation(() => started());
  session.value = { state: 'in', me: me(['tenant']) };
  session.value.me.person.email = 'anna@example.com';
  root = document.body.appendChild(document.createElement('div'));
  went = [];
  sentForms = [];
  vi.spyOn(window.location, 'assign').mockImplementation((url) => void went.push(String(url)));
  vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(function (this: HTMLFormElement) {
    const fields = [...this.querySelectorAll('input')].map(({ name, value }) => [name, value]);
    expect(this.method).toBe('post');
    sentForms.push([this.action, Object.fromEntries(fields)]);
  });
});

afterEach(async () => {
  await act(() => render(null, root));
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it.each(fees)('the fee is the server’s: $rule', ({ rule, fees: rows }) => {
  for (const [amount, fee] of rows as [number, number][])
    expect(feeOf(rule as PaymentOptions['providers'][number]['fee'], amount)).toBe(fee);
});

it('a charge is called by its purpose once', async () => {
  const { chargeText } = await import('../src/pages/parts/pay-charges');
  const charge = (answers['/accounts/{contract_id}/charges'] as { items: Charge[] }).items[0] as Charge;
  const called = ['Rent 10/2026', 'of October', ''].map((description) => chargeText({ ...charge, description }));
  expect(called).toEqual(['Rent 10/2026', 'Rent, of October', 'Rent, 01/11/2026']);
  expect(chargeText(undefined)).toBe(m.pay_item_unnamed());
});

describe('what is paid', () => {
  it('everything that is due, with the fee before going on, and a signed form to the provider', async () => {
    await open();
    expect(part('pay-sum')[0]?.dataset).toMatchObject({ amount: '5500', fee: '183' });
    expect(button()).toBe('Pay PLN 56.83');
    expect(words(part('credit')[0])).toContain('PLN 10.00');
    expect(post).not.toHaveBeenCalled();
    await pay();
    const [{ body, headers }] = post.mock.calls[0] as [Init];
    expect(body).toEqual({
      contract_id: 'con_1',
      items: null,
      amount: null,
      provider: 'autopay',
      return_to: '/payments/return',
      email: 'anna@example.com',
      language: 'en',
      despite: false,
    });
    expect(headers['Idempotency-Key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(sentForms).toEqual([['https://pay.example/start', { submit: '1', Hash: 'abc' }]]);
    expect(document.activeElement).toBe(part('leaving')[0]);
    expect(part('leaving')[0]?.querySelector('a')?.getAttribute('href')).toBe('/payments/pay_1');
  });

  it('items one by one, the first to fall due first; the sum follows, and none is none', async () => {
    post.mockImplementation(() => started({ amount: 2000, fee: 130 }));
    await open();
    await tap(m.pay_some());
    const items = [...root.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
    expect(items.map((one) => one.checked)).toEqual([false, false]);
    await pay();
    expect(post).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(part('error-summary')[0]);
    await act(() => part('error-summary')[0]?.querySelector('a')?.click());
    expect(document.activeElement).toBe(items[0]);
    expect(items[0]?.closest('fieldset')?.getAttribute('aria-describedby')).toBe(
      root.querySelector('.field-error')?.id,
    );
    await tap('Rent, «description»');
    expect(part('pay-sum')[0]?.dataset).toMatchObject({ amount: '3500', fee: '153' });
    await tap(m.pay_item_unnamed());
    await tap('Rent, «description»');
    expect(button()).toBe('Pay PLN 21.30');
    await pay();
    expect(post.mock.calls[0]?.[0].body).toMatchObject({ items: ['chg_2'], amount: null });
    expect(sentForms).toHaveLength(1);
  });

  it('another amount, only with those who take one', async () => {
    await open();
    expect(root.querySelectorAll('input[name=provider]')).toHaveLength(2);
    await tap(m.pay_other());
    expect(root.querySelectorAll('input[name=provider]')).toHaveLength(1);
    expect(button()).toBe(m.pay_action_plain());
    for (const wrong of ['', '0', '1,23,4', 'all']) {
      await type('amount', wrong);
      await pay();
      expect(root.querySelector('input[name=amount]')?.getAttribute('aria-invalid')).toBe('true');
    }
    expect(post).not.toHaveBeenCalled();
    await type('amount', '123,45');
    expect(button()).toBe('Pay PLN 126.30');
    await pay();
    expect(post.mock.calls[0]?.[0].body).toMatchObject({ items: null, amount: 12345 });
    options = { ...options, providers: [stripe] };
    await open();
    expect(root.textContent).not.toContain(m.pay_other());
  });

  it('with a provider that adds its own fee, by its address, without an e-mail', async () => {
    post.mockImplementation(() =>
      started({ fee: 0, redirect: { method: 'GET', url: 'https://checkout.example/c/1', fields: {} } }),
    );
    await open();
    expect(root.querySelector('input[name=email]')).not.toBeNull();
    await tap(m.pay_by_stripe());
    expect(root.querySelector('input[name=email]')).toBeNull();
    expect(part('pay-sum')[0]?.textContent).toContain(m.pay_fee_theirs({ provider: 'Stripe' }));
    expect(button()).toBe('Pay PLN 55.00');
    await pay();
    expect(post.mock.calls[0]?.[0].body).toMatchObject({ provider: 'stripe', email: null });
    expect(went).toEqual(['https://checkout.example/c/1']);
  });

  it('is the same as before where somebody tries again', async () => {
    await open('/accounts/con_1/pay?items=chg_2,chg_gone');
    expect(part('pay-sum')[0]?.dataset.amount).toBe('2000');
    await open('/accounts/con_1/pay?amount=1234');
    expect(root.querySelector<HTMLInputElement>('input[name=amount]')?.value).toBe('12.34');
    await open('/accounts/con_1/pay?amount=5500');
    expect(root.querySelector('input[name=amount]')).toBeNull();
    expect(part('pay-sum')[0]?.dataset.amount).toBe('5500');
  });
});

describe('nobody pays by accident', () => {
  it('a double click starts one payment', async () => {
    let finish = (_: StartedPayment) => {};
    post.mockImplementation(() => new Promise((done) => (finish = done)));
    await open();
    const form = root.querySelector('form');
    await act(() => {
      for (let click = 0; click < 3; click += 1)
        form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    });
    await pay();
    finish(started());
    await settle();
    expect(post).toHaveBeenCalledTimes(1);
    expect(sentForms).toHaveLength(1);
  });

  it('a repeat after a lost answer carries the same key', async () => {
    post.mockRejectedValueOnce(new Problem('network_error')).mockRejectedValueOnce(new Problem('provider_unavailable'));
    await open();
    await pay();
    expect(summary()).toContain(m.code_network_error());
    await pay();
    expect(summary()).toContain(m.pay_code_provider_unavailable());
    await pay();
    const keys = post.mock.calls.map(([{ headers }]) => headers['Idempotency-Key']);
    expect(new Set(keys).size).toBe(1);
    expect(sentForms).toHaveLength(1);
  });

  it('another sum than was shown is asked about again', async () => {
    post.mockImplementation(() => started({ amount: 6000, fee: 190 }));
    await open();
    await pay();
    expect(document.activeElement).toBe(part('changed')[0]);
    expect(part('pay-sum')[0]?.dataset).toMatchObject({ amount: '6000', fee: '190' });
    expect(sentForms).toEqual([]);
    options = { ...options, due: 6000 };
    await tap(m.pay_choose_anew());
    expect(button()).toBe('Pay PLN 61.90');
    post.mockImplementation(() => started({ amount: 6100, fee: 192 }));
    await pay();
    await tap('Pay PLN 62.92');
    expect(sentForms).toHaveLength(1);
    expect(part('leaving')).toHaveLength(1);
  });

  it.each([[{ amount: 6000, fee: 0 }], [{ amount: 5500, fee: 1 }]])('%j differs from what was shown', async (sums) => {
    options = { ...options, providers: [stripe] };
    post.mockImplementation(() => started(sums));
    await open();
    await pay();
    expect(part('changed')).toHaveLength(1);
    expect(sentForms).toEqual([]);
  });

  it('an attempt that nobody has begun is shown, and asks nothing: the server offers it again', async () => {
    options = paymentOptions;
    await open();
    expect(words(part('under-way')[0])).toContain('Autopay');
    await pay();
    expect(sentForms).toHaveLength(1);
  });

  it('nothing leads anywhere but to a web page', async () => {
    post.mockImplementation(() => started({ redirect: { method: 'GET', url: 'javascript:alert(1)', fields: {} } }));
    await open();
    await pay();
    expect(went).toEqual([]);
    expect(summary()).toContain(m.pay_code_provider_refused());
  });

  it('a payment that has begun is shown before anything is asked of the server', async () => {
    const pending = {
      ...(paymentOptions.under_way[0] as PaymentOptions['under_way'][number]),
      state: 'pending' as const,
    };
    options = { ...paymentOptions, under_way: [pending] };
    get.mockImplementation((path) => {
      if (path === '/payment-options') return options;
      const redirect = { method: 'GET' as const, url: 'https://pay.example/back', fields: {} };
      return path === '/payments/{payment_id}' ? { ...onlinePayment, redirect } : undefined;
    });
    await open('/accounts/con_1/pay?items=chg_1');
    expect(part('under-way')).toHaveLength(1);
    expect(words(part('under-way')[0])).toContain('PLN 20.00');
    // About other items: nothing is asked.
    post.mockImplementation(() => started({ amount: 3500, fee: 153 }));
    await pay();
    expect(sentForms).toHaveLength(1);
    await open();
    post.mockImplementation(() => started());
    await pay();
    expect(post).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(part('under-way')[1]);
    // Being processed: it can be looked at, not paid on.
    expect(part('under-way').map((one) => words(one).includes(m.pay_go_on()))).toEqual([false, false]);
    expect(part('under-way')[1]?.querySelector('a')?.getAttribute('href')).toBe('/payments/pay_9');
    await tap(m.pay_despite());
    expect(post.mock.calls[1]?.[0].body).toMatchObject({ despite: true });
    expect(sentForms).toHaveLength(2);
  });

  it('what the server knows to be under way is asked about, with its sum', async () => {
    post.mockRejectedValueOnce(new Problem('payment_under_way', 409, null, [], null, { payment_id: 'pay_9' }));
    get.mockImplementation((path) => {
      if (path === '/payments/{payment_id}') return { ...onlinePayment, state: 'pending' };
      return path === '/payment-options' ? options : undefined;
    });
    await open();
    await pay();
    expect(words(part('under-way')[0])).toContain('PLN 55.00');
    expect(words(part('under-way')[0])).toContain(m.pay_despite_text());
    await tap(m.pay_some());
    expect(part('under-way')).toEqual([]);
  });
});

describe('what goes wrong is said, with the next step', () => {
  it.each(['amount_not_open', 'charge_not_open', 'nothing_due', 'provider_unusable'])(
    '%s: the page is looked at anew, and says why',
    async (code) => {
      post.mockRejectedValueOnce(new Problem(code, 422));
      await open();
      options = { ...options, due: 4200 };
      await pay();
      expect(document.activeElement).toBe(part('stale')[0]);
      expect(part('stale')[0]?.textContent).toContain(PAY_TEXTS[code]?.());
      expect(part('pay-sum')[0]?.dataset.amount).toBe('4200');
    },
  );

  it.each(['amount_out_of_range', 'currency_not_taken', 'provider_refused', 'provider_unavailable'])(
    '%s: choices stay',
    async (code) => {
      post.mockRejectedValueOnce(new Problem(code, 422));
      await open('/accounts/con_1/pay?items=chg_1');
      await pay();
      expect(summary()).toContain(PAY_TEXTS[code]?.());
      expect(part('pay-sum')[0]?.dataset.amount).toBe('3500');
    },
  );

  it('the e-mail is asked for at its field, here and by the server', async () => {
    await open();
    await type('email', 'anna');
    await pay();
    expect(post).not.toHaveBeenCalled();
    expect(summary()).toContain(m.pay_email_wanted());
    const problem = { field: 'email', code: 'email_needed', params: {} };
    post.mockRejectedValueOnce(new Problem('email_needed', 422, null, [problem]));
    await type('email', 'anna@example.invalid');
    await pay();
    expect(root.querySelector('input[name=email]')?.getAttribute('aria-invalid')).toBe('true');
    expect(summary()).toContain(m.pay_code_email_needed());
  });
});

describe('where nothing can be paid', () => {
  it('nothing is due', async () => {
    options = { ...options, due: 0, open_items: {}, providers: [stripe] };
    await open();
    expect(part('nothing-due')[0]?.textContent).toContain(m.pay_nothing());
    expect(root.querySelector('form')).toBeNull();
    options = { ...options, providers: [autopay] };
    await open();
    expect(part('nothing-due')[0]?.textContent).toContain(m.pay_ahead());
    expect(root.querySelector('input[name=amount]')).not.toBeNull();
  });

  it('nobody takes it: by transfer', async () => {
    options = { ...options, providers: [] };
    await open();
    expect(part('no-provider')).toHaveLength(1);
    expect(find(m.pay_by_transfer()).getAttribute('href')).toBe('/contracts/con_1#how-to-pay');
  });
});

describe('the ways there', () => {
  it('from the account, with the sum and what is under way; silent where it does not come', async () => {
    options = paymentOptions;
    await open('/accounts/con_1');
    expect(part('pay-online')[0]?.getAttribute('href')).toBe('/accounts/con_1/pay');
    expect(words(part('pay-online')[0])).toBe('Pay PLN 55.00 online');
    expect(part('under-way')).toHaveLength(1);
    get.mockImplementation(() => Promise.reject(new Problem('internal_error', 500)));
    await open('/accounts/con_1');
    expect(root.textContent).toBe('');
  });

  it('from home, or how to pay where nobody takes it online', async () => {
    options = paymentOptions;
    await open('/');
    expect(find(m.pay_title()).getAttribute('href')).toBe('/accounts/con_1/pay');
    expect(part('task-under-way')[0]?.querySelector('a')?.getAttribute('href')).toBe('/payments/pay_9');
    get.mockImplementation((path) => (path === '/payment-options' ? Promise.reject(new Problem('x', 500)) : undefined));
    await open('/');
    expect(find(m.home_how_to_pay()).getAttribute('href')).toBe('/contracts/con_1#how-to-pay');
  });
});
