import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { me } from './fixtures';
import { finding, meterItem } from './meter-fixtures';
import { begin, codes, end, field, kept, open, part, root, send, settle, tap, type } from './meters-page';
import { check, high, judged, less, read, receipt, server, transposed } from './meters-server';

vi.mock('../src/api/client', async () => (await import('./meters-server')).client);
vi.mock('../src/api/upload', () => ({ upload: async () => 'incoming/photo.jpg' }));
vi.mock('../src/api/checks', () => ({ checkUpload: async () => undefined }));

const { session } = await import('../src/session/session');
const { forgetTab } = await import('../src/session/memory');
const { m } = await import('../src/paraglide/messages.js');
const { Problem } = await import('../src/api/problem');
const { PAUSE } = await import('../src/pages/parts/meter-sheet');
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/meter-*.tsx')).map((load) => load()));

vi.setConfig({ testTimeout: 30_000 });

beforeEach(begin);
afterEach(end);

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
    server.meters = [meterItem, { ...meterItem, meter_id: 'mtr_9', place: '«kitchen»' }];
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
