/** The one job with shard files that runs, or ran last. It goes on when the person looks at another view. */
import { createStore } from "../app/store";
import { ErasureError } from "../erasure/error";
import type { Layout } from "../erasure/layout";
import { forget, run, type Results, type Target } from "../erasure/work";

interface Told {
  name: string;
  /** Bytes of the file. */
  done: number;
  total: number;
  /** Of performance.now(). */
  started: number;
}

export type ShardJob = Told &
  (
    | { state: "running" }
    | { state: "failed"; error: ErasureError }
    | { state: "encoded"; seconds: number; target: Target["kind"]; result: Results["encode"] }
    | { state: "decoded"; seconds: number; target: Target["kind"]; result: Results["decode"] }
  );

export const job = createStore<ShardJob | undefined>(undefined);
let stop: AbortController | undefined;

export function startEncode(file: File, layout: Layout, target: Target): Promise<void> {
  return start(file.name, file.size, (options) => run({ work: "encode", file, layout, target }, options), (result) => ({ state: "encoded", result }), target);
}

export function startDecode(name: string, size: number, files: File[], target: Target): Promise<void> {
  return start(name, size, (options) => run({ work: "decode", files, target }, options), (result) => ({ state: "decoded", result }), target);
}

export function cancelJob(): void {
  stop?.abort();
}

/** Takes the last job off the page, and with it what its downloads were made from. */
export function closeJob(): void {
  const last = job.get();
  if (!last || last.state === "running") return;
  if ("result" in last && last.result.kept_in) void forget(last.result.kept_in);
  job.set(undefined);
}

/** Asks before the page is closed while a job runs. */
const keepPage = (event: BeforeUnloadEvent) => event.preventDefault();

type Work<R> = (options: { signal: AbortSignal; onProgress: (done: number, total: number) => void }) => Promise<R>;
type Ending = { state: "encoded"; result: Results["encode"] } | { state: "decoded"; result: Results["decode"] };

async function start<R>(name: string, total: number, work: Work<R>, ending: (result: R) => Ending, target: Target): Promise<void> {
  if (job.get()?.state === "running") return;
  closeJob();
  stop = new AbortController();
  const told: Told = { name, done: 0, total, started: performance.now() };
  job.set({ ...told, state: "running" });
  window.addEventListener("beforeunload", keepPage);
  try {
    const result = await work({
      signal: stop.signal,
      onProgress: (done) => job.set((now) => (now?.state === "running" ? { ...now, done } : now)),
    });
    const seconds = (performance.now() - told.started) / 1000;
    job.set({ ...told, done: total, seconds, target: target.kind, ...ending(result) });
  } catch (thrown) {
    const error = thrown instanceof ErasureError ? thrown : new ErasureError("unexpected", { why: String(thrown) });
    job.set(error.code === "cancelled" ? undefined : { ...told, state: "failed", error });
  } finally {
    window.removeEventListener("beforeunload", keepPage);
  }
}
