/**
 * The live connection: a WebSocket at /ws that comes back by itself and asks for what it missed.
 *
 * 1. connect(after) opens /ws?after=N; each numbered event moves N.
 * 2. When it breaks, status becomes "offline" and it tries again after 0.5 s, doubling to 15 s (with jitter);
 *    at once when the browser says that the network is back or the tab is shown again.
 * 3. A connection without any message for 25 s is tried by `probe` (a cheap request); no answer means that the
 *    network is cut without our being told, and the socket is dropped.
 * Invariant: at most one socket and one timer live at a time.
 */
import type { LiveEvent } from "./events";
import { parseEvent } from "./events";

export type LiveStatus = "connecting" | "live" | "offline";

export interface Wire {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface SocketParts {
  open: (after: number | undefined) => Wire;
  /** Resolves when the server answers. */
  probe: () => Promise<unknown>;
  onEvent: (event: LiveEvent) => void;
  onStatus: (status: LiveStatus) => void;
  random?: () => number;
}

const retry_min_ms = 500;
const retry_max_ms = 15_000;
const silence_max_ms = 25_000;

export class LiveSocket {
  private wire: Wire | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private last: number | undefined;
  private wanted = false;

  constructor(private readonly parts: SocketParts) {}

  /** Starts; `after` is the number of the last event that the page already knows. */
  connect(after: number | undefined): void {
    this.last = after;
    this.wanted = true;
    this.open();
  }

  stop(): void {
    this.wanted = false;
    this.drop();
  }

  /** Tries at once instead of waiting; no effect while connected. */
  hurry(): void {
    if (!this.wanted || this.wire) return;
    this.failures = 0;
    this.open();
  }

  /** The browser says that the network is gone: tries at once whether that is so. */
  suspect(): void {
    if (this.wire) void this.check();
  }

  get lastEvent(): number | undefined {
    return this.last;
  }

  private open(): void {
    this.drop();
    if (this.failures === 0) this.parts.onStatus("connecting");
    const wire = this.parts.open(this.last);
    this.wire = wire;
    wire.onopen = () => this.listen();
    wire.onmessage = (message) => this.receive(message.data);
    wire.onclose = () => this.broken();
    this.listen();
  }

  private receive(data: unknown): void {
    const event = typeof data === "string" ? parseEvent(data) : undefined;
    this.listen();
    if (!event) return;
    if (event.type === "hello") {
      this.failures = 0;
      this.parts.onStatus("live");
      this.last ??= event.event;
    } else if ("event" in event) {
      this.last = event.event;
    }
    this.parts.onEvent(event);
  }

  /** (Re)starts the wait for silence. */
  private listen(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), silence_max_ms);
  }

  private async check(): Promise<void> {
    const wire = this.wire;
    const answered = await this.parts.probe().then(() => true, () => false);
    if (wire !== this.wire || !this.wanted) return;
    if (answered) this.listen();
    else this.broken();
  }

  private broken(): void {
    this.drop();
    if (!this.wanted) return;
    this.parts.onStatus("offline");
    const wait = Math.min(retry_max_ms, retry_min_ms * 2 ** this.failures);
    this.failures += 1;
    this.timer = setTimeout(() => this.open(), wait * (0.75 + 0.5 * (this.parts.random ?? Math.random)()));
  }

  private drop(): void {
    clearTimeout(this.timer);
    const wire = this.wire;
    this.wire = undefined;
    if (!wire) return;
    wire.onopen = wire.onmessage = wire.onclose = null;
    wire.close();
  }
}
