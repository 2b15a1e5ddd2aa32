/**
 * The upload queue: what waits, what is on its way (at most `parallel`), what became of the rest.
 *
 *   waiting ─▶ sending ─▶ storing ─▶ done
 *      ▲          │  └──▶ conflict ─ resolve() ─▶ waiting (replace, keep both) or skipped
 *      └─ retry ──┴─────▶ failed                        cancelled: from anywhere but storing and done
 *
 * An upload that the network or a busy server broke is tried again by itself, later each time, `attempts_max` times
 * in all; what a person must decide (name taken, no space, not allowed) is not. Nothing is dropped silently: every
 * item ends as done, failed, conflict, skipped or cancelled. Once all bytes are out an upload is no longer cancelled:
 * the server may have committed it, and "cancelled" would be a lie. Subscribers hear at most once per turn of `schedule`.
 */
import type { ApiError } from "../api/problem";
import { numbered } from "../drive/path";
import { isCancellable, isOpen, isOver, isPassing, type OnConflict, type Send, type Sending, type Upload, type UploadSource, type UploadState } from "./upload";

export interface QueueOptions {
  parallel?: number;
  attempts_max?: number;
  /** ms before attempt n + 1 (n from 1). */
  backoff?: (attempt: number) => number;
  schedule?: (notify: () => void) => void;
}

const defaults: Required<QueueOptions> = {
  parallel: 3,
  attempts_max: 5,
  backoff: (attempt) => Math.min(30_000, 1000 * 2 ** (attempt - 1)),
  schedule: (notify) => void setTimeout(notify, 80),
};
const renames_max = 20;

export class UploadQueue {
  private items: Upload[] = [];
  private places = new Map<number, number>();
  private readonly sources = new Map<number, UploadSource>();
  private readonly running = new Map<number, Sending>();
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<() => void>();
  private readonly options: Required<QueueOptions>;
  private shown: readonly Upload[] = [];
  private is_scheduled = false;
  private cursor = 0;
  private ids = 0;

  constructor(private readonly send: Send, options: QueueOptions = {}) {
    this.options = { ...defaults, ...options };
  }

  add(sources: readonly UploadSource[], on_conflict: OnConflict = "ask"): void {
    for (const source of sources) {
      const id = ++this.ids;
      const { folder, name, size } = source;
      this.sources.set(id, source);
      this.places.set(id, this.items.length);
      this.items.push({ id, folder, name, size, sent: 0, state: "waiting", attempts: 0, on_conflict });
    }
    this.pump();
  }

  cancel(id: number): void {
    const item = this.at(id);
    if (item && (isCancellable(item) || item.state === "failed" || item.state === "conflict")) this.end(id, "cancelled");
    this.pump();
  }

  cancelAll(): void {
    for (const item of [...this.items]) if (isCancellable(item)) this.end(item.id, "cancelled");
    this.pump();
  }

  /** Tries a failed or cancelled item again, from its first byte. */
  retry(id: number): void {
    const item = this.at(id);
    if (item?.state === "failed" || item?.state === "cancelled") this.again(id);
    this.pump();
  }

  retryFailed(): void {
    for (const item of this.items) if (item.state === "failed") this.again(item.id);
    this.pump();
  }

  /** The server is back: no more waiting, and again what got no answer. */
  online(): void {
    for (const item of this.items) {
      const got_no_answer = item.state === "failed" && item.error?.code === "offline";
      if (got_no_answer || this.timers.has(item.id)) this.again(item.id);
    }
    this.pump();
  }

  /** Decides a taken name; `all` decides for every conflict, also those still to come. */
  resolve(id: number, decision: "replace" | "keep" | "skip", all = false): void {
    for (const item of all ? [...this.items] : this.items.filter((one) => one.id === id)) {
      if (decision === "skip") {
        if (item.state === "conflict") this.end(item.id, "skipped");
        continue;
      }
      if (item.state === "conflict") this.again(item.id, { on_conflict: decision });
      else if (isOpen(item)) this.patch(item.id, { on_conflict: decision });
    }
    this.pump();
  }

  /** Forgets what is over; failed and undecided items stay. */
  clear(): void {
    const kept = this.items.filter((item) => !isOver(item));
    const ids = new Set(kept.map((item) => item.id));
    for (const id of [...this.sources.keys()]) if (!ids.has(id)) this.sources.delete(id);
    this.items = kept;
    this.places = new Map(kept.map((item, place) => [item.id, place]));
    this.cursor = 0;
    this.notify();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The items as they were at the last notification; the same array until the next one. */
  snapshot = (): readonly Upload[] => this.shown;

  private pump(): void {
    while (this.running.size < this.options.parallel) {
      const item = this.nextWaiting();
      if (!item) break;
      void this.start(item.id);
    }
    this.notify();
  }

  private nextWaiting(): Upload | undefined {
    for (; this.cursor < this.items.length; this.cursor += 1) {
      const item = this.items[this.cursor]!;
      if (item.state === "waiting" && !this.timers.has(item.id)) return item;
    }
    return undefined;
  }

  private async start(id: number): Promise<void> {
    const item = this.patch(id, { state: "sending", sent: 0, attempts: this.at(id)!.attempts + 1, error: undefined });
    const source = { ...this.sources.get(id)!, name: item.name };
    const sending = this.send(source, item.on_conflict === "replace", (bytes) => this.progress(id, sending, bytes));
    this.running.set(id, sending);
    const is_current = () => this.running.get(id) === sending;
    try {
      const entry = await sending.done;
      if (!is_current()) return;
      this.patch(id, { entry, sent: item.size });
      this.end(id, "done");
    } catch (error) {
      if (!is_current()) return;
      this.running.delete(id);
      this.failed(id, error as ApiError);
    }
    this.pump();
  }

  private progress(id: number, sending: Sending, bytes: number): void {
    const item = this.at(id);
    if (!item || this.running.get(id) !== sending) return;
    const sent = Math.min(bytes, item.size);
    this.patch(id, { sent, state: sent === item.size ? "storing" : "sending" });
    this.notify();
  }

  private failed(id: number, error: ApiError): void {
    const item = this.patch(id, { error, sent: 0 });
    if (error.code === "conflict" && item.on_conflict === "keep" && item.attempts < renames_max) {
      this.patch(id, { name: numbered(this.sources.get(id)!.name, item.attempts + 1) });
      this.wait(id, 0);
    } else if (error.code === "conflict") {
      this.patch(id, { state: "conflict" });
    } else if (isPassing(error) && item.attempts < this.options.attempts_max) {
      this.wait(id, error.retryAfter === undefined ? this.options.backoff(item.attempts) : error.retryAfter * 1000);
    } else {
      this.patch(id, { state: "failed" });
    }
  }

  private wait(id: number, ms: number): void {
    this.patch(id, { state: "waiting" });
    const go_on = () => {
      this.timers.delete(id);
      this.rewind();
      this.pump();
    };
    this.timers.set(id, setTimeout(go_on, ms));
  }

  private again(id: number, changes: Partial<Upload> = {}): void {
    this.stopTimer(id);
    this.patch(id, { state: "waiting", attempts: 0, sent: 0, error: undefined, ...changes });
    this.rewind();
  }

  private end(id: number, state: UploadState): void {
    const sending = this.running.get(id);
    this.running.delete(id);
    this.stopTimer(id);
    this.patch(id, { state });
    if (state === "done" || state === "skipped") this.sources.delete(id);
    if (state !== "done") sending?.cancel();
  }

  private at(id: number): Upload | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.items[place];
  }

  private patch(id: number, changes: Partial<Upload>): Upload {
    const place = this.places.get(id)!;
    const item = { ...this.items[place]!, ...changes };
    this.items[place] = item;
    return item;
  }

  private stopTimer(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  /** An earlier item may wait again: look from the start. */
  private rewind(): void {
    this.cursor = 0;
  }

  private notify(): void {
    if (this.is_scheduled) return;
    this.is_scheduled = true;
    this.options.schedule(() => {
      this.is_scheduled = false;
      this.shown = [...this.items];
      for (const listener of this.listeners) listener();
    });
  }
}
