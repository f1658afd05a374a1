import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { Tray } from '../../api/tray';
import type { Finding, MeterItem, ReadingCheck, ReadingReceipt, Suggestion } from '../../api/types';
import { type Attempt, attemptKey } from '../../ui/form';
import { type Draft, keepReading, recallReading } from './meter-drafts';

/** How long nobody types before a value is looked at; longer while it is still shorter than the last one was. */
export const PAUSE = 400;
const LONG_PAUSE = 1200;

/** What the checks say of what stands in the fields. `of`: the values that they saw. */
export interface Judged extends Pick<ReadingCheck, 'status' | 'findings' | 'consumption'> {
  of: string;
}

const GRAVE: Finding['severity'][] = ['warn', 'hold'];

/** Whether something is asked that "I checked, it is right" answers. */
export const isAsked = (judged: Judged): boolean => judged.findings.some(({ severity }) => GRAVE.includes(severity));

/** Whether nothing but another value (or a claim) helps. */
export const isRefused = (judged: Judged): boolean => judged.status === 'rejected';

/** The reading of one meter while it is typed: it is checked as it is typed, kept on this device, and sent. */
export class Sheet {
  readonly values = signal<string[]>([]);
  readonly date = signal('');
  readonly claim = signal<Suggestion['claim']>(null);
  readonly confirmed = signal(false);
  readonly judged = signal<Judged | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly photo: Tray;
  private claimed: number[] = [];
  /** What the counter showed when something was claimed of it, where the check said so. */
  private stood: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked: AbortController | null = null;
  private attempt: Attempt | null = null;

  constructor(
    readonly meter: MeterItem,
    private readonly person: string,
    private readonly today: string,
  ) {
    const kept = recallReading(person, meter.meter_id);
    const registers = meter.device.registers;
    this.values.value = Array.from({ length: registers }, (_, index) => kept?.values[index] ?? '');
    this.date.value = kept?.date ?? today;
    this.claim.value = kept?.claim ?? null;
    this.claimed = kept?.claimed ?? [];
    this.photo = new Tray(kept?.photo, 'reading', 1);
    if (this.claim.value && !this.isLess()) this.unclaim();
    if (this.filled.value) this.check(0);
  }

  /** Whether anything was typed. */
  readonly filled: ReadonlySignal<boolean> = computed(() => this.values.value.some((value) => value.trim() !== ''));

  /** The judgement, as long as it is about what stands there now. */
  readonly now: ReadonlySignal<Judged | null> = computed(() => {
    const judged = this.judged.value;
    return judged?.of === this.subject() ? judged : null;
  });

  type(register: number, text: string): void {
    this.values.value = this.values.value.map((value, index) => (index === register ? text : value));
    this.confirmed.value = false;
    if (this.claim.value && !this.isLess()) this.unclaim();
    this.changed(this.isShort() ? LONG_PAUSE : PAUSE);
  }

  setDate(date: string): void {
    this.date.value = date;
    this.confirmed.value = false;
    this.changed(PAUSE);
  }

  /** Takes what was probably meant. */
  take({ values, claim, claimed }: Suggestion): void {
    this.values.value = [...values];
    this.say(claim, claimed);
  }

  /** What happened to the counter where it shows less; null: nothing, it was a slip. */
  say(claim: Suggestion['claim'], claimed: number[] = []): void {
    this.stood = [];
    for (const { code, register, message_params: told } of this.judged.value?.findings ?? [])
      if (code === 'DECREASE' && typeof told.bound === 'string') this.stood[register ?? 0] = told.bound;
    this.claim.value = claim;
    this.claimed = claimed;
    this.confirmed.value = false;
    this.changed(0);
  }

  /** "I checked, it is right." */
  confirm(confirmed: boolean): void {
    this.confirmed.value = confirmed;
    this.changed(0);
  }

  /** What a photo adds may change what becomes of the reading. */
  photographed(): void {
    this.keep();
    if (this.filled.value) this.check(0);
  }

  /** What the checks say of it by now, without waiting for the pause: before somebody goes on to the next field, and before it is sent. */
  async look(): Promise<Judged | null> {
    this.stop();
    if (!this.now.value && this.isWhole()) await this.ask();
    return this.now.value;
  }

  /** Sends it, once it was looked at. A refusal is kept beside the fields, and thrown. */
  async send(): Promise<ReadingReceipt> {
    this.problem.value = null;
    try {
      if (!this.date.value) throw new Problem('invalid_body');
      const [photo = null] = await this.photo.keys();
      let of: string;
      let seen: Judged | null;
      do {
        of = this.subject();
        seen = await this.look();
      } while (of !== this.subject());
      // Without an answer the sending itself is judged.
      if (seen && isAsked(seen) && !isRefused(seen) && !this.confirmed.value) throw new Problem('reading_questioned');
      const body = { ...this.body(), photo };
      this.attempt = attemptKey(this.attempt, JSON.stringify(body));
      const receipt = await unwrap(
        api.POST('/meters/{meter_id}/readings', {
          params: { path: { meter_id: this.meter.meter_id } },
          headers: { 'Idempotency-Key': this.attempt.key },
          body,
        }),
      );
      this.clear();
      return receipt;
    } catch (error) {
      const problem = Problem.of(error);
      const { findings } = problem.members;
      this.problem.value = problem;
      if (Array.isArray(findings)) {
        this.judged.value = {
          of: this.subject(),
          status: problem.code === 'reading_questioned' ? 'submitted' : 'rejected',
          findings: findings as Finding[],
          consumption: this.now.value?.consumption ?? null,
        };
      }
      throw problem;
    }
  }

  /** Nothing is typed any more: it was sent, or thrown away. */
  clear(): void {
    this.stop();
    this.attempt = null;
    this.photo.empty();
    this.values.value = this.values.value.map(() => '');
    this.date.value = this.today;
    this.unclaim();
    this.confirmed.value = false;
    this.judged.value = null;
    this.problem.value = null;
    this.keep();
  }

  /** The page is left: what is typed stays on the device, what is under way ends. */
  leave(): void {
    this.stop();
    this.photo.empty();
  }

  private unclaim(): void {
    this.claim.value = null;
    this.claimed = [];
  }

  private changed(pause: number): void {
    this.problem.value = null;
    this.keep();
    this.check(pause);
  }

  private keep(): void {
    const draft: Draft = {
      date: this.date.value,
      values: this.values.value,
      claim: this.claim.value,
      claimed: this.claimed,
      photo: this.photo.kept(),
    };
    keepReading(this.person, this.meter.meter_id, this.filled.value || draft.photo.length > 0 ? draft : null);
  }

  private check(pause: number): void {
    this.stop();
    if (this.isWhole()) this.timer = setTimeout(() => void this.ask(), pause);
  }

  /** One register alone says nothing yet, and neither does an empty day. */
  private isWhole(): boolean {
    return this.date.value !== '' && this.values.value.every((value) => value.trim() !== '');
  }

  /** Only the answer about what stands there now counts; without a connection nothing is said until it is sent. */
  private async ask(): Promise<void> {
    const asked = new AbortController();
    this.asked = asked;
    const of = this.subject();
    const ready = this.photo.items.value.find(({ state }) => state === 'ready');
    try {
      const judged = await unwrap(
        api.POST('/meters/{meter_id}/checks', {
          params: { path: { meter_id: this.meter.meter_id } },
          body: { ...this.body(), photo: ready?.key ?? null },
          signal: asked.signal,
        }),
      );
      if (!asked.signal.aborted) this.judged.value = { ...judged, of };
    } catch {
      // Silent: sending says what is wrong.
    }
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  private body() {
    return {
      date: this.date.value,
      values: this.values.value.map((value) => value.trim()),
      confirmed: this.confirmed.value,
      claim: this.claim.value,
      claimed: this.claimed,
    };
  }

  /** What a judgement is about: whether it was confirmed changes only what becomes of it. */
  private subject(): string {
    return JSON.stringify([this.date.value, this.values.value, this.claim.value]);
  }

  /** Whether a counter shows less than it did, which alone a replacement or a start from zero explains; an empty field is being typed. */
  private isLess(): boolean {
    return this.values.value.some((value, index) => {
      const stood = this.stood[index] ?? this.meter.last?.values[index];
      return value.trim() === '' || stood === undefined || Number(value.replace(',', '.')) < Number(stood);
    });
  }

  /** Whether somebody is probably still typing: fewer whole digits than the last reading had. */
  private isShort(): boolean {
    return this.values.value.some((value, index) => {
      const before = whole(this.meter.last?.values[index] ?? '');
      return /^\d+$/.test(value.trim()) && whole(value).length < before.length;
    });
  }
}

const whole = (value: string): string => value.trim().replace(/^0+/, '').split(/[.,]/)[0] ?? '';
