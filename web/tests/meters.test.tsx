import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeterItem, ReadingCheck } from '../src/api/types';
import { me } from './fixtures';
import { finding, meterItem, meters } from './meter-fixtures';
import { begin, codes, end, field, open, part, root, send, settle, tap, type } from './meters-page';
import { check, high, judged, one, read, second, server } from './meters-server';

vi.mock('../src/api/client', async () => (await import('./meters-server')).client);
vi.mock('../src/api/upload', () => ({ upload: async () => 'incoming/photo.jpg' }));
vi.mock('../src/api/checks', () => ({ checkUpload: async () => undefined }));

const { session } = await import('../src/session/session');
const { locale } = await import('../src/i18n/locale');
const { m } = await import('../src/paraglide/messages.js');
const { Problem } = await import('../src/api/problem');
const { face, tidy } = await import('../src/pages/parts/meter-counter');
const { PAUSE } = await import('../src/pages/parts/meter-sheet');
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/meter-*.tsx')).map((load) => load()));

vi.setConfig({ testTimeout: 30_000 });

beforeEach(begin);
afterEach(end);

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
    server.meters = [meters[1] as MeterItem];
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
    server.meters = [meterItem, meters[1] as MeterItem];
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
    server.meters = [{ ...(meters[1] as MeterItem), verified_until: '2026-10-31' }];
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

describe('the page', () => {
  it('says that a reading was refused, and why', async () => {
    const refused = { reading_id: 'rdg_5', date: '2026-11-18', values: ['00999.000'], reason: '«reason»' };
    server.meters = [{ ...meterItem, refused }];
    await open();
    expect(part('refused')[0]?.textContent).toBe(
      '00999.000 of 18 November 2026 was not accepted. Please read the counter again.«reason»',
    );
  });

  it('says what is known of each meter, and takes readings only where one may', async () => {
    server.meters = meters;
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
    server.meters = [
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
    server.contracts = [one, second];
    await open('/meters?unit=unt_2');
    expect(server.asked).toEqual([{ unit_id: 'unt_2' }]);
    const tabs = [...root.querySelectorAll('.tabs a')].map((link) => [
      link.getAttribute('href'),
      link.getAttribute('aria-current'),
    ]);
    expect(tabs).toEqual([
      ['/meters?unit=unt_1', null],
      ['/meters?unit=unt_2', 'page'],
    ]);
    server.contracts = [];
    await open();
    expect(root.textContent).toContain(m.meter_none());
    expect(server.asked).toHaveLength(1);
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
    expect(server.asked).toEqual([{ community_id: 'com_1' }]);
    expect(root.querySelector('.tabs a[aria-current]')?.textContent).toBe('Common parts: «community»');
    session.value = {
      state: 'in',
      me: { ...me(['owner']), grants: [{ ...grants[0], ends_on: '2026-11-21' }] as never },
    };
    await open();
    expect(server.asked.at(-1)).toEqual({ unit_id: 'unt_1' });
    expect(root.querySelector('.tabs')).toBeNull();
  });
});
