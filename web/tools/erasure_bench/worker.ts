/** Contestants of ./dev bench erasure-wasm: one round of one work at a time, in a worker as the page has it. */
import { Codec, type Plan } from "../../src/erasure/codec";
import { encodeFile } from "../../src/erasure/encode_file";
import { layoutOf } from "../../src/erasure/layout";
import { canRun, loadModule, variants, type Variant } from "../../src/erasure/module";
import type { Sink } from "../../src/erasure/sink";
import { javascriptEncoder } from "./javascript";

export type Contestant = Variant | "JavaScript";
export type Request =
  | { work: "contestants" }
  | { work: "encode" | "decode" | "copied" | "checked" | "crc32c"; by: Contestant; k: number; m: number; shard: number; ms: number }
  | { work: "file"; by: Contestant; k: number; m: number; bytes: number };
/** Nanoseconds of one stripe, checksum or file; or those who can run. */
export type Answer = { ns: number } | { contestants: Contestant[] };

onmessage = async ({ data }: MessageEvent<Request>) => postMessage(await answer(data));

async function answer(request: Request): Promise<Answer> {
  if (request.work === "contestants") return { contestants: ["JavaScript", ...variants.filter(canRun)] };
  if (request.work === "file") return { ns: await fileOnce(request) };
  const run = await prepared(request);
  let count = 0;
  const started = performance.now();
  let elapsed = 0;
  for (let batch = 1; elapsed < request.ms; batch = Math.min(64, 2 * batch)) {
    for (let at = 0; at < batch; at += 1) run();
    count += batch;
    elapsed = performance.now() - started;
  }
  return { ns: (elapsed * 1e6) / count };
}

const kept = new Map<string, () => void>();

/** One stripe of the work, on memory of its own that is filled once. */
async function prepared({ work, by, k, m, shard }: Exclude<Request, { work: "contestants" | "file" }>): Promise<() => void> {
  const key = [work, by, k, m, shard].join();
  let run = kept.get(key);
  if (!run) {
    run = by === "JavaScript" ? javascriptEncoder(k, m, shard) : await byModule(work, by, k, m, shard);
    kept.set(key, run);
  }
  return run;
}

async function byModule(work: string, by: Variant, k: number, m: number, shard: number): Promise<() => void> {
  const codec = await Codec.load(layoutOf(k, m), await loadModule(by));
  const is_copied = work === "copied";
  const shards = Array.from({ length: k + m }, () => (is_copied ? new Uint8Array(shard) : codec.buffer(shard)));
  shards.slice(0, k).forEach((one, at) => one.forEach((_, i) => (one[i] = Math.imul(i + at * shard + 1, 2_654_435_761) >>> 24)));
  const [data, parity] = [shards.slice(0, k), shards.slice(k)];
  codec.encode(data, parity);
  if (work === "checked") return () => void codec.encodeBlock(data, parity);
  if (work === "crc32c") return () => void codec.crc32c(data[0]!);
  if (work === "decode") {
    const plan: Plan = codec.plan(Array.from({ length: k }, (_, at) => at + m), Array.from({ length: m }, (_, at) => at));
    const out = data.slice(0, m).map(() => codec.buffer(shard));
    return () => plan.apply(shards.slice(m), out);
  }
  return () => codec.encode(data, parity);
}

/** A file of repeated parts into shards that nobody keeps: reading, coding and checksums alone. */
async function fileOnce({ by, k, m, bytes }: Extract<Request, { work: "file" }>): Promise<number> {
  const part_bytes = 16 << 20;
  const part = new Blob([new Uint8Array(part_bytes).map((_, at) => Math.imul(at, 2_654_435_761) >>> 24)]);
  const file = new Blob(Array.from({ length: Math.ceil(bytes / part_bytes) }, () => part)).slice(0, bytes);
  const nowhere: Sink = { open: async () => ({ write: async () => undefined, close: async () => undefined, discard: async () => undefined }) };
  const started = performance.now();
  await encodeFile(file, layoutOf(k, m), nowhere, { name: "big", module: await loadModule(by as Variant) });
  return (performance.now() - started) * 1e6;
}
