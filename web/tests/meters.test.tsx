import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeterItem, ReadingCheck, ReadingReceipt } from '../src/api/types';
import { answers, me, organisation } from './fixtures';
import { finding, meterItem, meters } from './meter-fixtures';

type Body = {
  date: string;
  values: string[];
  confirmed: boolean;
  claim: string | null;
  claimed: number[];
  photo: string | null;
};
interface Init {
  params: { path: { meter_id: string } };
  body: Body;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const check = vi.fn<(init: Init) => unknown>();
const read = vi.fn<(init: Init) => unknown>();
const contracts = { items: [] as unknown[], next_cursor: null };
let listed: MeterItem[];
const asked: unknown[] = [];

vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (wanted: Promise<unknown>) => wanted,
  api: {
    GET: async (path: string, init: unknown) => {
      if (path === '/meters') {
        asked.push((init as { params: { query: unknown } }).params.query);
        return { items: listed, next_cursor: null };
      }
      return path === '/contracts' ? contracts : answers[path];
    },
    POST: async (path: string, init: Init) => (path.endsWith('/checks') ? check(init) : read(init)),
  },
}));
vi.mock('../src/api/upload', () => ({ upload: async () => 'incoming/photo.jpg' }));
vi.mock('../src/api/checks', () => ({ checkUpload: async () => undefined }));

const { session } = await import('../src/session/session');
const { forgetTab } = await import('../src/session/memory');
const { locale } = await import('../src/i18n/locale');
const { m } = await import('../src/paraglide/messages.js');
const { Problem } = await import('../src/api/problem');
const { face, tidy } = await import('../src/pages/parts/meter-counter');
const { PAUSE } = await import('../src/pages/parts/meter-sheet');
const { default: Meters } = await import('../src/pages/meters');
const { default: MeterUse } = await import('../src/pages/meter-use');
const { default: Home } = await import('../src/pages/home');
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/meter-*.tsx')).map((load) => load()));

vi.setConfig({ testTimeout: 30_000 });

const one = (answers['/contracts'] as { items: Record<string, unknown>[] }).items[0] as Record<string, unknown>;
const second = { ...one, contract_id: 'con_2', unit: { unit_id: 'unt_2', label: '«other»', address: '«street»' } };

const judged = (
  status: ReadingCheck['status'],
  findings: ReadingCheck['findings'] = [],
  use = '3.450',
): ReadingCheck => ({
  status,
  findings,
  consumption: { unit: 'm3', since: '2026-10-31', days: 22, uses: [use] },
  duplicate_of: null,
});

const receipt = (init: Init, status: ReadingReceipt['status'] = 'accepted'): ReadingReceipt => ({
  reading_id: `rdg_${init.params.path.meter_id}`,
  meter_id: init.params.path.meter_id,
  number: 'WZ-1',
  date: init.body.date,
  values: init.body.values,
  status,
  findings: [],
  consumption: { unit: 'm3', since: '2026-10-31', days: 22, uses: ['3.450'] },
  recorded_at: '2026-11-22T08:30:00Z',
});

const transposed = finding(
  'TRANSPOSED',
  'warn',
  { value: '00415.800' },
  {
    kind: 'transposed_digits',
    values: ['00415.800'],
    claim: null,
    claimed: [],
  },
);
const high = finding('HIGH', 'warn', { daily: '0.4295', expected_daily: '0.1545', daily_bound: '0.309' });
const less = (severity: 'reject' | 'hold') =>
  finding('DECREASE', severity, {
    side: 'earlier',
    value: '00003.100',
    bound: '00412.350',
    bound_day: '2026-10-31',
    choices: ['typo', 'replaced', 'rolled_over'],
  });

let root: HTMLElement;

const settle = async (pause = 0) => {
  await act(async () => void (await vi.advanceTimersByTimeAsync(pause)));
  for (let turn = 0; turn < 6; turn += 1) await act(async () => void (await vi.advanceTimersByTimeAsync(1)));
};

async function open(address = '/meters') {
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

const part = (name: string) => [...root.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`)];
const field = (meter = 'mtr_1', register = 0) => {
  const found = root.querySelector<HTMLInputElement>(`#value-${meter}-${register}`);
  if (!found) throw new Error(`no field ${meter} ${register} in: ${root.textContent}`);
  return found;
};
async function type(text: string, meter?: string, register?: number, pause = PAUSE) {
  await act(() => {
    const input = field(meter, register);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await settle(pause);
}
async function tap(words: string) {
  const target = [...root.querySelectorAll<HTMLElement>('a, button, label')].find((node) =>
    node.textContent?.trim().startsWith(words),
  );
  if (!target) throw new Error(`nothing to tap called ${words} in: ${root.textContent}`);
  await act(() => target.click());
  await settle();
}
const send = async () => {
  await act(() => part('send-readings')[0]?.click());
  await settle();
};
const kept = () => Object.keys({ ...localStorage }).filter((key) => key.startsWith('lokum.unsent.'));
const codes = () => part('finding').map((node) => node.dataset.code);

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T09:00:00Z') });
  locale.value = 'en';
  localStorage.clear();
  check.mockReset();
  check.mockReturnValue(judged('accepted'));
  read.mockReset();
  read.mockImplementation((init) => receipt(init));
  listed = [meterItem];
  asked.length = 0;
  contracts.items = [one];
  session.value = { state: 'in', me: { ...me(['tenant']), organisation } };
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.useRealTimers();
});

describe('the counter', () => {
  const device = { digits: 5, decimals: 3 };

  it.each([
    ['', { lead: '00000', whole: '', sign: '.', red: '', rest: '000' }],
    ['415', { lead: '00', whole: '415', sign: '.', red: '', rest: '000' }],
    ['415,8', { lead: '00', whole: '415', sign: '.', red: '8', rest: '00' }],
    ['00415.800', { lead: '', whole: '00415', sign: '.', red: '800', rest: '' }],
    [',5', { lead: '00000', whole: '', sign: '.', red: '5', rest: '00' }],
  ])('shows %j on its wheels', (typed, wheels) => {
    locale.value = 'en';
    expect(face(typed, device)).toEqual(wheels);
  });

  it.each(['415800', '00415800', '415.8001', '4a', '-4', '4.1.5'])('leaves %s as it was typed', (typed) => {
    expect(face(typed, device)).toBeNull();
  });

  it('has no red wheels where there are no decimals', () => {
    expect(face('12', { digits: 4, decimals: 0 })).toEqual({ lead: '00', whole: '12', sign: '', red: '', rest: '' });
    expect(face('12,', { digits: 4, decimals: 0 })).toBeNull();
  });

  it('takes what people paste', () => {
    expect([' 415,800 m3', "1'234.5 kWh", '00 415'].map(tidy)).toEqual(['415,800', '1234.5', '00415']);
  });

  it('is one named field for the number', async () => {
    await open();
    expect(field().inputMode).toBe('decimal');
    expect(root.querySelector(`label[for="${field().id}"]`)?.textContent).toBe('What it shows now Cold water, «place»');
    expect(root.querySelectorAll('.counter-wheel')).toHaveLength(9);
    await type('415,8');
    expect(root.querySelector('.counter-face')?.textContent).toBe('00415.800');
    expect(root.querySelector('[data-lead]')?.getAttribute('data-lead')).toBe('2');
    expect(root.querySelector('.counter-face')?.getAttribute('aria-hidden')).toBe('true');
  });
});

describe('while it is typed', () => {
  it('one check follows a pause, and only the newest answer counts', async () => {
    await open();
    await type('415', undefined, undefined, PAUSE - 50);
    expect(check).not.toHaveBeenCalled();
    let late: (answer: ReadingCheck) => void = () => undefined;
    check.mockImplementationOnce(() => new Promise((done) => (late = done)));
    await type('451,8');
    expect(check).toHaveBeenCalledTimes(1);
    check.mockReturnValueOnce(judged('accepted', [], '3.450'));
    await type('415,8');
    expect(check.mock.calls.map(([{ body }]) => body.values)).toEqual([['451,8'], ['415,8']]);
    expect(check.mock.calls[0]?.[0].signal?.aborted).toBe(true);
    late(judged('submitted', [high], '39.450'));
    await settle();
    expect(part('said')[0]?.dataset.status).toBe('accepted');
    expect(part('use')[0]?.textContent).toBe('3.45 m³ in 22 days, usually 0.66 to 6.8 m³');
    expect(read).not.toHaveBeenCalled();
  });

  it('a value shorter than the last one is looked at later: somebody is still typing', async () => {
    await open();
    await type('4', undefined, undefined, PAUSE + 100);
    expect(check).not.toHaveBeenCalled();
    await settle(1000);
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('nothing is said where no answer comes', async () => {
    check.mockRejectedValue(new Problem('network_error'));
    await open();
    await type('415,8');
    expect(part('said')).toEqual([]);
    expect(part('error-summary')).toEqual([]);
  });

  it('several registers are typed and checked together', async () => {
    listed = [meters[1] as MeterItem];
    await open();
    const labels = [...root.querySelectorAll('.field label')].map((label) => label.textContent);
    expect(labels).toEqual(['Tariff 1 Electricity, «place»', 'Tariff 2 Electricity, «place»']);
    await type('12400', 'mtr_2', 0);
    expect(check).not.toHaveBeenCalled();
    await type('6800', 'mtr_2', 1);
    expect(check.mock.calls.map(([{ body }]) => body.values)).toEqual([['12400', '6800']]);
  });
});

describe('Enter, or "next" on a phone', () => {
  const enter = async (meter?: string, register?: number) => {
    const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
    await act(() => void field(meter, register).dispatchEvent(event));
    // As a browser does: what nobody prevented sends the form.
    if (!event.defaultPrevented) await act(() => field(meter, register).form?.requestSubmit());
    await settle();
  };

  it('looks at the value at once and leads on, and sends nothing', async () => {
    listed = [meterItem, meters[1] as MeterItem];
    await open();
    await type('2700', 'mtr_1', 0, 0);
    expect(check).not.toHaveBeenCalled();
    await enter('mtr_1');
    expect(check).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(field('mtr_2', 0));
    await enter('mtr_2', 0);
    expect(document.activeElement).toBe(field('mtr_2', 1));
    await enter('mtr_2', 1);
    expect(document.activeElement).toBe(part('send-readings')[0]);
    expect(check).toHaveBeenCalledTimes(1);
    expect(read).not.toHaveBeenCalled();
  });

  it('what is sent before the pause is looked at first, and a question is put before it goes', async () => {
    check.mockReturnValue(judged('submitted', [high], '9.450'));
    await open();
    await type('421,8', undefined, undefined, 0);
    await send();
    expect(check).toHaveBeenCalledTimes(1);
    expect(read).not.toHaveBeenCalled();
    expect(codes()).toEqual(['HIGH']);
    expect(part('error-summary')[0]?.textContent).toContain(m.meter_code_questioned());
    await tap(m.meter_confirm());
    await send();
    expect(read.mock.calls[0]?.[0].body).toMatchObject({ values: ['421,8'], confirmed: true });
  });
});

describe('what is usual', () => {
  it('is said once, and only from the last reading on', async () => {
    await open();
    check.mockReturnValue(judged('submitted', [high], '9.450'));
    await type('421,8');
    expect(part('use')[0]?.textContent).toBe('9.45 m³ in 22 days');
    const since = { unit: 'm3', since: '2026-09-30', days: 53, uses: ['3.450'] };
    check.mockReturnValue({ ...judged('accepted'), consumption: since });
    await type('415,8');
    expect(part('use')[0]?.textContent).toBe('3.45 m³ in 53 days');
  });
});

describe('the day', () => {
  const clearDay = async () => {
    const day = root.querySelector<HTMLInputElement>('input[type=date]');
    await act(() => {
      if (day) day.value = '';
      day?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await settle(PAUSE);
    return day;
  };

  it('is asked for where it is missing, before and after sending', async () => {
    await open();
    await type('415,8');
    const day = await clearDay();
    expect(part('day-missing')[0]?.textContent).toBe(m.meter_date_missing());
    expect(day?.getAttribute('aria-invalid')).toBe('true');
    expect(part('send-readings')[0]?.className).toBe('button');
    await send();
    expect(read).not.toHaveBeenCalled();
    expect(part('error-summary')[0]?.textContent).toContain(m.meter_date_missing());
    await act(() => part('error-summary')[0]?.querySelector('a')?.click());
    expect(document.activeElement).toBe(day);
  });

  it('that is refused leaves the counter alone; a stamp that ran out is told before', async () => {
    listed = [{ ...(meters[1] as MeterItem), verified_until: '2026-10-31' }];
    await open();
    expect(part('expired')[0]?.textContent).toBe(m.meter_expired({ date: '31 October 2026' }));
    const expired = { ...finding('VERIFICATION_EXPIRED', 'reject', { until: '2026-10-31' }), register: null };
    check.mockReturnValue(judged('rejected', [expired]));
    await type('12400', 'mtr_2', 0);
    await type('6800', 'mtr_2', 1);
    expect([0, 1].map((register) => field('mtr_2', register).getAttribute('aria-invalid'))).toEqual([null, null]);
    expect(root.querySelector('input[type=date]')?.getAttribute('aria-invalid')).toBe('true');
  });
});

describe('one tap', () => {
  it('takes the value that was meant, which is then sent and stands on the receipt', async () => {
    const slip = { kind: 'wrong_digit', values: ['00421.800'], claim: null, claimed: [] } as const;
    check.mockReturnValueOnce(
      judged(
        'submitted',
        [{ ...high, suggestion: { ...slip, values: ['00421.800'], claimed: [] } }, transposed],
        '39.450',
      ),
    );
    await open();
    await type('451,8');
    expect(codes()).toEqual(['HIGH', 'TRANSPOSED']);
    expect(part('suggestion').map((node) => node.textContent)).toEqual([
      'Did you mean 00415.800?',
      'Did you mean 00421.800?',
    ]);
    await tap('Did you mean 00415.800?');
    await settle(1);
    expect(field().value).toBe('00415.800');
    expect(part('finding')).toEqual([]);
    await tap('Send 1 reading');
    expect(read).toHaveBeenCalledTimes(1);
    expect(read.mock.calls[0]?.[0].body).toEqual({
      date: '2026-11-22',
      values: ['00415.800'],
      confirmed: false,
      claim: null,
      claimed: [],
      photo: null,
    });
    expect(read.mock.calls[0]?.[0].headers?.['Idempotency-Key']).toMatch(/^[0-9a-f-]{36}$/);
    const sent = part('reading-receipt')[0];
    expect(sent?.dataset.status).toBe('accepted');
    for (const words of ['00415.800', '22 November 2026', '3.45 m³ in 22 days', 'rdg_mtr_1'])
      expect(sent?.textContent).toContain(words);
    expect(kept()).toEqual([]);
  });

  it('a lower value leads to "the meter was replaced", which is confirmed and waits for staff', async () => {
    check.mockReturnValueOnce({ ...judged('rejected', [less('reject')]), consumption: null });
    check.mockReturnValueOnce({ ...judged('submitted', [less('hold')]), consumption: null });
    check.mockReturnValue({ ...judged('held', [less('hold')]), consumption: null });
    read.mockImplementation((init) => ({ ...receipt(init, 'held'), consumption: null }));
    await open();
    await type('003,1');
    await settle(1000);
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(root.textContent).toContain(m.meter_typo());
    await tap(m.meter_replaced());
    expect(part('replaced')[0]?.textContent).toBe(m.meter_replaced_text());
    await tap(m.meter_confirm());
    expect(part('will-wait')).toHaveLength(1);
    await send();
    expect(read.mock.calls[0]?.[0].body).toMatchObject({ claim: 'replaced', confirmed: true });
    expect(part('held')[0]?.textContent).toBe(m.meter_sent_held());
  });

  it('a replacement is claimed no more once the value is not lower, and can be taken back', async () => {
    check.mockReturnValue({ ...judged('rejected', [less('reject')]), consumption: null });
    await open();
    await type('003,1');
    await settle(1000);
    await tap(m.meter_replaced());
    expect(check.mock.calls.at(-1)?.[0].body.claim).toBe('replaced');
    await type('');
    await type('4,2');
    await settle(1000);
    expect(check.mock.calls.at(-1)?.[0].body).toMatchObject({ claim: 'replaced', values: ['4,2'] });
    check.mockReturnValue(judged('accepted'));
    await type('415,8');
    expect(check.mock.calls.at(-1)?.[0].body).toMatchObject({ claim: null, values: ['415,8'] });
    expect(part('replaced')).toEqual([]);
    await send();
    expect(read.mock.calls[0]?.[0].body).toMatchObject({ claim: null });

    check.mockReturnValue({ ...judged('rejected', [less('reject')]), consumption: null });
    await tap(m.meter_back());
    await type('003,1');
    await settle(1000);
    await tap(m.meter_replaced());
    await tap(m.meter_not_replaced());
    expect(check.mock.calls.at(-1)?.[0].body.claim).toBeNull();
    expect(part('replaced')).toEqual([]);
  });

  it('"it went past its end" claims it of the register that shows less; "I mistyped" leads back', async () => {
    check.mockReturnValue({ ...judged('rejected', [less('reject')]), consumption: null });
    await open();
    await type('00003,1');
    await settle(1000);
    await tap(m.meter_rolled());
    expect(check.mock.calls.at(-1)?.[0].body).toMatchObject({ claim: 'rolled_over', claimed: [0] });
    await tap(m.meter_typo());
    expect(document.activeElement).toBe(field());
    expect(check.mock.calls.at(-1)?.[0].body.claim).toBeNull();
  });

  it('an unusual value is confirmed with a photo', async () => {
    check.mockReturnValueOnce(judged('submitted', [high], '9.450'));
    check.mockReturnValue(judged('held', [{ ...high, severity: 'hold' }], '9.450'));
    await open();
    await type('421,8');
    const camera = root.querySelector<HTMLInputElement>('input[type=file]');
    expect([camera?.getAttribute('capture'), camera?.multiple]).toEqual(['environment', false]);
    await act(() => {
      Object.defineProperty(camera, 'files', { value: [new File(['x'], 'meter.jpg', { type: 'image/jpeg' })] });
      camera?.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await settle(5);
    expect(part('file-row')[0]?.dataset.state).toBe('ready');
    await tap(m.meter_confirm());
    expect(check.mock.calls.at(-1)?.[0].body).toMatchObject({ confirmed: true, photo: 'incoming/photo.jpg' });
    await send();
    expect(read.mock.calls[0]?.[0].body).toMatchObject({ confirmed: true, photo: 'incoming/photo.jpg' });
  });

  it('another value has to be confirmed anew', async () => {
    check.mockReturnValue(judged('submitted', [high], '9.450'));
    await open();
    await type('421,8');
    await tap(m.meter_confirm());
    await type('431,8');
    expect(root.querySelector<HTMLInputElement>('input[type=checkbox]')?.checked).toBe(false);
    expect(check.mock.calls.at(-1)?.[0].body.confirmed).toBe(false);
  });
});

describe('sending', () => {
  it('without a reading says so and takes focus', async () => {
    await open();
    await tap('Send readings');
    expect(part('error-summary')[0]?.textContent).toBe(m.meter_nothing());
    expect(document.activeElement).toBe(part('error-summary')[0]);
    expect(read).not.toHaveBeenCalled();
  });

  it('a refusal shows its findings beside the field and leads there', async () => {
    check.mockRejectedValue(new Problem('network_error'));
    read.mockRejectedValueOnce(
      new Problem('reading_questioned', 422, null, [], null, { findings: [high, transposed] }),
    );
    await open();
    await type('451,8');
    await send();
    expect(codes()).toEqual(['HIGH', 'TRANSPOSED']);
    expect(part('error-summary')[0]?.textContent).toContain(m.meter_code_questioned());
    await act(() => part('error-summary')[0]?.querySelector('a')?.click());
    expect(document.activeElement).toBe(field());
    expect(kept()).toHaveLength(1);
  });

  it('what went and what did not are told apart, and both stand on the receipt in the end', async () => {
    listed = [meterItem, { ...meterItem, meter_id: 'mtr_9', place: '«kitchen»' }];
    await open();
    await type('415,8');
    await type('500', 'mtr_9');
    read.mockImplementationOnce((init) => receipt(init));
    read.mockRejectedValueOnce(new Problem('reading_rejected', 422, null, [], null, { findings: [less('reject')] }));
    await tap('Send 2 readings');
    expect(part('partly-sent')[0]?.textContent).toContain('1 reading has arrived');
    expect([field('mtr_1').value, field('mtr_9').value]).toEqual(['', '500']);
    await type('416', 'mtr_9');
    await tap('Send 1 reading');
    expect(part('reading-receipt')).toHaveLength(2);
    expect(read.mock.calls.map(([{ params }]) => params.path.meter_id)).toEqual(['mtr_1', 'mtr_9', 'mtr_9']);
  });

  it('the same reading again is told to stand already', async () => {
    read.mockImplementation((init) => ({
      ...receipt(init),
      findings: [finding('DUPLICATE', 'info', { reading_id: 'rdg_1', values: ['00415.800'] })],
    }));
    await open();
    await type('415,8');
    await send();
    expect(part('reading-receipt')[0]?.textContent).toContain(m.meter_sent_before());
  });
});

describe('without a connection', () => {
  it('what is typed stays on the device until it is sent, with the key of the first try', async () => {
    check.mockRejectedValue(new Problem('network_error'));
    read.mockRejectedValueOnce(new Problem('network_error'));
    await open();
    await type('415,8');
    await send();
    expect(part('error-summary')[0]?.textContent).toBe(m.meter_offline());
    await send();
    const keys = read.mock.calls.map(([{ headers }]) => headers?.['Idempotency-Key']);
    expect(keys[1]).toBe(keys[0]);
    expect(part('reading-receipt')).toHaveLength(1);
    expect(kept()).toEqual([]);
  });

  it('a draft is there again later, with its day, and is checked', async () => {
    await open();
    await type('415,8');
    vi.setSystemTime(new Date('2026-11-24T09:00:00Z'));
    await open('/elsewhere');
    check.mockClear();
    await open();
    expect(field().value).toBe('415,8');
    expect(root.querySelector<HTMLInputElement>('input[type=date]')?.value).toBe('2026-11-22');
    expect(root.querySelector<HTMLInputElement>('input[type=date]')?.max).toBe('2026-11-24');
    await settle(PAUSE);
    expect(check.mock.calls[0]?.[0].body).toMatchObject({ date: '2026-11-22', values: ['415,8'] });
    await tap(m.meter_clear());
    expect([field().value, kept()]).toEqual(['', []]);
  });

  it('it is said, and another person finds nothing', async () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    await open();
    expect(part('offline')).toHaveLength(1);
    await type('415,8');
    session.value = { state: 'in', me: { ...me(['tenant']), person: { ...me([]).person, person_id: 'per_2' } } };
    await open();
    expect(field().value).toBe('');
    expect(kept()).toHaveLength(1);
    forgetTab();
    expect(kept()).toEqual([]);
    vi.restoreAllMocks();
  });
});

describe('the page', () => {
  it('says that a reading was refused, and why', async () => {
    const refused = { reading_id: 'rdg_5', date: '2026-11-18', values: ['00999.000'], reason: '«reason»' };
    listed = [{ ...meterItem, refused }];
    await open();
    expect(part('refused')[0]?.textContent).toBe(
      '00999.000 of 18 November 2026 was not accepted. Please read the counter again.«reason»',
    );
  });

  it('says what is known of each meter, and takes readings only where one may', async () => {
    listed = meters;
    await open();
    expect([...root.querySelectorAll('h2')].map((head) => head.textContent)).toEqual([
      'Cold water',
      'Heat-cost allocators',
      'Gas',
      'Electricity',
    ]);
    expect(part('last')[0]?.textContent).toBe('Last reading: 00412.350 on 31 October 2026');
    expect(part('window').map((node) => node.dataset.open)).toEqual(['true', 'false', 'false']);
    expect(part('estimate')[0]?.textContent).toContain('012400 · 006800');
    expect(part('waiting')[0]?.textContent).toContain('019999 · 006810');
    const fields = [...root.querySelectorAll('.counter-input')].map((input) => input.id);
    expect(fields).toEqual(['value-mtr_1-0', 'value-mtr_5-0', 'value-mtr_2-0', 'value-mtr_2-1']);
  });

  it('a refused reading is a task at home until another one is there', async () => {
    const refused = { reading_id: 'rdg_5', date: '2026-11-18', values: ['00999.000'], reason: '«reason»' };
    listed = [
      { ...meterItem, refused, window: null },
      { ...meterItem, meter_id: 'mtr_8' },
    ];
    await open('/');
    expect(part('task-refused').map((node) => node.textContent)).toEqual([
      `«place», «number»${m.meter_home_refused()}«reason»${m.meter_enter()}`,
    ]);
    expect(part('nothing-to-do')).toEqual([]);
  });

  it('a printed page of uses names the home, the meters and the day', async () => {
    await open('/meters/use');
    expect(part('printed')[0]?.textContent).toContain('Printed on 22 November 2026');
    expect(part('printed-meters')[0]?.textContent).toBe('No. «number», «place»');
    // September is known; October in part, and November not at all.
    expect(part('year')[0]?.textContent).toContain('in 2 whole months');
    const foot = [...root.querySelectorAll('tfoot th, tfoot td')].map((cell) => cell.textContent);
    expect(foot).toEqual(['Total: 2 whole months', '8.85', '']);
    expect(part('month')[2]?.textContent).toContain('up to 22 November, in both years');
  });

  it('has a home for who has several, and says where there is none', async () => {
    contracts.items = [one, second];
    await open('/meters?unit=unt_2');
    expect(asked).toEqual([{ unit_id: 'unt_2' }]);
    const tabs = [...root.querySelectorAll('.tabs a')].map((link) => [
      link.getAttribute('href'),
      link.getAttribute('aria-current'),
    ]);
    expect(tabs).toEqual([
      ['/meters?unit=unt_1', null],
      ['/meters?unit=unt_2', 'page'],
    ]);
    contracts.items = [];
    await open();
    expect(root.textContent).toContain(m.meter_none());
    expect(asked).toHaveLength(1);
  });

  it('shows a board member what is common, besides the own home', async () => {
    const grant = {
      scope: 'community',
      contract_id: null,
      unit_id: null,
      community_id: 'com_1',
      ends_on: null,
    } as const;
    const grants = [{ ...grant, role: 'board_member' as const, starts_on: '2024-01-01' }];
    session.value = { state: 'in', me: { ...me(['owner', 'board_member']), grants } };
    await open('/meters?community=com_1');
    expect(asked).toEqual([{ community_id: 'com_1' }]);
    expect(root.querySelector('.tabs a[aria-current]')?.textContent).toBe('Common parts: «community»');
    session.value = {
      state: 'in',
      me: { ...me(['owner']), grants: [{ ...grants[0], ends_on: '2026-11-21' }] as never },
    };
    await open();
    expect(asked.at(-1)).toEqual({ unit_id: 'unt_1' });
    expect(root.querySelector('.tabs')).toBeNull();
  });
});
