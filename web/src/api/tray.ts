import { signal } from '@preact/signals';
import { checkUpload } from './checks';
import { shrunk } from './pictures';
import { Problem } from './problem';
import { type Purpose, upload } from './upload';

export const MOST_FILES = 10;
const REFUSED = [404, 413, 422];

/** A file on its way to a ticket or a reading. `file` is missing for one that was sent before the page was reloaded. */
export interface Chosen {
  id: number;
  name: string;
  file: File | null;
  state: 'sending' | 'checking' | 'ready' | 'failed';
  /** How much of it is sent, from 0 to 1. */
  share: number;
  key: string | null;
  problem: Problem | null;
}

export interface Kept {
  name: string;
  key: string;
}

interface Job {
  stop: AbortController;
  done: Promise<void>;
}

/** Files that are sent and checked while the person goes on writing. One is sent after the other, as a telephone's network likes it. */
export class Tray {
  readonly items = signal<Chosen[]>([]);
  /** Set when more were chosen than a message takes. */
  readonly overflow = signal(false);
  private jobs = new Map<number, Job>();
  private line: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(
    kept: Kept[] = [],
    private readonly purpose: Purpose = 'ticket',
    readonly most = MOST_FILES,
  ) {
    for (const { name, key } of kept) this.begin({ name, key, file: null, state: 'checking', share: 1 });
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      this.overflow.value = this.items.value.length >= this.most;
      if (this.overflow.value) return;
      this.begin({ name: file.name, key: null, file, state: 'sending', share: 0 });
    }
  }

  remove(id: number): void {
    this.jobs.get(id)?.stop.abort();
    this.jobs.delete(id);
    this.items.value = this.items.value.filter((item) => item.id !== id);
    this.overflow.value = false;
  }

  retry(id: number): void {
    const item = this.items.value.find((one) => one.id === id);
    if (!item) return;
    // What has arrived and was not refused needs only its check.
    const key = item.problem && REFUSED.includes(item.problem.status) ? null : item.key;
    this.change(id, { key, state: key ? 'checking' : 'sending', share: key ? 1 : 0, problem: null });
    this.jobs.set(id, this.job(id));
  }

  /** Whether it makes sense to try again: not with a file that was refused for what it is. */
  static again({ file, problem }: Chosen): boolean {
    if (!problem) return false;
    if (problem.code === 'upload_check_failed' || problem.status === 404) return file !== null;
    return !REFUSED.includes(problem.status);
  }

  /** Waits until nothing is under way; the keys of all files, or the problem of the first that failed. */
  async keys(): Promise<string[]> {
    for (let jobs = [...this.jobs.values()]; jobs.length > 0; jobs = [...this.jobs.values()]) {
      await Promise.all(jobs.map((job) => job.done));
    }
    const failed = this.items.value.find((item) => item.state === 'failed');
    if (failed) throw failed.problem ?? new Problem('unexpected_error');
    return this.items.value.flatMap((item) => item.key ?? []);
  }

  /** What can be found again after a reload: files that have arrived. */
  kept(): Kept[] {
    return this.items.value.flatMap(({ name, key, state }) => (key && state !== 'failed' ? [{ name, key }] : []));
  }

  /** Nothing is left, nothing goes on: it was sent, or the page is left. */
  empty(): void {
    for (const { id } of this.items.value) this.remove(id);
  }

  private begin(item: Omit<Chosen, 'id' | 'problem'>): void {
    this.count += 1;
    this.items.value = [...this.items.value, { ...item, id: this.count, problem: null }];
    this.jobs.set(this.count, this.job(this.count));
  }

  private job(id: number): Job {
    const stop = new AbortController();
    const done = this.run(id, stop.signal)
      .then(
        () => this.change(id, { state: 'ready' }),
        (error) => this.change(id, { state: 'failed', problem: Problem.of(error) }),
      )
      .then(() => {
        if (!stop.signal.aborted) this.jobs.delete(id);
      });
    return { stop, done };
  }

  private async run(id: number, signal: AbortSignal): Promise<void> {
    const item = this.items.value.find((one) => one.id === id);
    let key = item?.key ?? null;
    if (!key) {
      const sent = this.line.then(() => this.send(item?.file ?? null, id, signal));
      this.line = sent.catch(() => undefined);
      key = await sent;
      this.change(id, { key, share: 1, state: 'checking' });
    }
    await checkUpload(key, signal);
  }

  private async send(file: File | null, id: number, signal: AbortSignal): Promise<string> {
    if (!file || signal.aborted) throw new Problem('upload_not_found');
    return upload(await shrunk(file), this.purpose, (share) => this.change(id, { share }), signal);
  }

  private change(id: number, news: Partial<Chosen>): void {
    this.items.value = this.items.value.map((item) => (item.id === id ? { ...item, ...news } : item));
  }
}
