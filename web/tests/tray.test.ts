import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '../src/api/problem';

const upload =
  vi.fn<(file: File, purpose: string, onProgress: (share: number) => void, signal: AbortSignal) => Promise<string>>();
const check = vi.fn<(key: string, signal: AbortSignal) => Promise<void>>();
vi.mock('../src/api/upload', () => ({ upload: (...all: Parameters<typeof upload>) => upload(...all) }));
vi.mock('../src/api/checks', () => ({ checkUpload: (...all: Parameters<typeof check>) => check(...all) }));

const { fitting, shrunk } = await import('../src/api/pictures');
const { MOST_FILES, Tray } = await import('../src/api/tray');

const file = (name: string) => new File(['x'], name, { type: 'application/pdf' });
const states = (tray: InstanceType<typeof Tray>) => tray.items.value.map(({ name, state }) => `${name} ${state}`);
const turn = () => new Promise((done) => setTimeout(done, 1));

beforeEach(() => {
  upload.mockReset();
  check.mockReset();
  upload.mockImplementation(async ({ name }) => `incoming/${name}`);
  check.mockResolvedValue();
});

it('sends one after the other, checks each, and gives the keys in their order', async () => {
  let arrive = (_key: string) => {};
  upload.mockImplementationOnce((_file, _purpose, onProgress) => {
    onProgress(0.5);
    return new Promise((done) => (arrive = done));
  });
  const tray = new Tray();
  tray.add([file('a'), file('b')]);
  await turn();
  expect(upload).toHaveBeenCalledTimes(1);
  expect(upload.mock.calls[0]?.[1]).toBe('ticket');
  expect(tray.items.value[0]?.share).toBe(0.5);
  expect(states(tray)).toEqual(['a sending', 'b sending']);
  const keys = tray.keys();
  arrive('incoming/a');
  expect(await keys).toEqual(['incoming/a', 'incoming/b']);
  expect(states(tray)).toEqual(['a ready', 'b ready']);
});

it('a refused file holds the message back until it is removed', async () => {
  check.mockImplementation(async (key) => {
    if (key === 'incoming/bad') throw new Problem('upload_refused', 422);
  });
  const tray = new Tray();
  tray.add([file('good'), file('bad')]);
  await expect(tray.keys()).rejects.toMatchObject({ code: 'upload_refused' });
  expect(states(tray)).toEqual(['good ready', 'bad failed']);
  tray.remove(tray.items.value[1]?.id ?? 0);
  expect(await tray.keys()).toEqual(['incoming/good']);
});

it('one that failed does not stop the others, and is tried again from where it was', async () => {
  upload.mockRejectedValueOnce(new Problem('network_error'));
  const tray = new Tray();
  tray.add([file('a'), file('b')]);
  await turn();
  await turn();
  expect(states(tray)).toEqual(['a failed', 'b ready']);
  tray.retry(tray.items.value[0]?.id ?? 0);
  expect(await tray.keys()).toEqual(['incoming/a', 'incoming/b']);
  expect(upload).toHaveBeenCalledTimes(3);

  check.mockRejectedValueOnce(new Problem('upload_not_ready', 409));
  tray.add([file('c')]);
  await expect(tray.keys()).rejects.toMatchObject({ code: 'upload_not_ready' });
  tray.retry(tray.items.value[2]?.id ?? 0);
  expect(await tray.keys()).toHaveLength(3);
  // It had arrived: only its check was repeated.
  expect(upload).toHaveBeenCalledTimes(4);
});

it('a check that failed is repeated with the file; what was refused for what it is, is not tried again', async () => {
  check.mockRejectedValueOnce(new Problem('upload_check_failed', 422));
  const tray = new Tray();
  tray.add([file('a')]);
  await expect(tray.keys()).rejects.toMatchObject({ code: 'upload_check_failed' });
  const [failed] = tray.items.value;
  expect(failed && Tray.again(failed)).toBe(true);
  tray.retry(failed?.id ?? 0);
  expect(await tray.keys()).toEqual(['incoming/a']);
  expect(upload).toHaveBeenCalledTimes(2);

  check.mockRejectedValueOnce(new Problem('upload_infected', 422));
  tray.add([file('b')]);
  await expect(tray.keys()).rejects.toMatchObject({ code: 'upload_infected' });
  expect(tray.items.value.map(Tray.again)).toEqual([false, false]);
});

it('removing one that is under way stops it; nobody waits for it', async () => {
  let stopped = false;
  upload.mockImplementationOnce((_file, _purpose, _progress, signal) => {
    return new Promise((_, failed) => {
      signal.addEventListener('abort', () => {
        stopped = true;
        failed(new Problem('upload_not_found'));
      });
    });
  });
  const tray = new Tray();
  tray.add([file('a'), file('b')]);
  await turn();
  const keys = tray.keys();
  tray.remove(tray.items.value[0]?.id ?? 0);
  expect(await keys).toEqual(['incoming/b']);
  expect(stopped).toBe(true);
});

it('takes ten files and says that the others were left out', async () => {
  const tray = new Tray();
  tray.add(Array.from({ length: MOST_FILES + 1 }, (_, index) => file(`${index}`)));
  expect(tray.items.value).toHaveLength(MOST_FILES);
  expect(tray.overflow.value).toBe(true);
  tray.remove(1);
  expect(tray.overflow.value).toBe(false);
  expect(await tray.keys()).toHaveLength(MOST_FILES - 1);
});

it('what had arrived is found again after a reload, and checked again', async () => {
  const tray = new Tray();
  tray.add([file('a')]);
  await tray.keys();
  const kept = tray.kept();
  expect(kept).toEqual([{ name: 'a', key: 'incoming/a' }]);
  const again = new Tray(kept);
  expect(await again.keys()).toEqual(['incoming/a']);
  expect(upload).toHaveBeenCalledTimes(1);
  expect(check).toHaveBeenCalledTimes(2);
  again.empty();
  expect(again.items.value).toEqual([]);
});

it.each([
  [4000, 3000, 2560, 1920],
  [3000, 4000, 1920, 2560],
  [2560, 100, 2560, 100],
  [800, 600, 800, 600],
])('a picture of %i x %i is sent as %i x %i', (width, height, newWidth, newHeight) => {
  expect(fitting(width, height)).toEqual({ width: newWidth, height: newHeight });
});

it('a picture that cannot be read here is sent as it is: the check says what is wrong with it', async () => {
  vi.stubGlobal('createImageBitmap', async () => {
    throw new Error('not a picture');
  });
  const broken = new File(['x'], 'a.jpg', { type: 'image/jpeg' });
  expect(await shrunk(broken)).toBe(broken);
  vi.unstubAllGlobals();
});
