/** What the tests of this folder share: the modules that ./dev built, golden lines, bytes, sinks and files in memory. */
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { ErasureError, type ErasureCode } from "./error";
import type { Matrix } from "./layout";
import { matrices } from "./layout";
import { canRun, variants, type Variant } from "./module";
import type { Sink } from "./sink";

// Browsers have it since 2023; Node 20 only when asked.
setFlagsFromString("--experimental-wasm-relaxed-simd");

const folder = process.env["DISGRAFS_WASM"] ?? fileURLToPath(new URL("../../../build/release/wasm", import.meta.url));
const pathOf = (variant: Variant) => `${folder}/erasure_${variant}.wasm`;

export const moduleBytes = (variant: Variant) => statSync(pathOf(variant)).size;
export const moduleOf = (variant: Variant) => WebAssembly.compile(readFileSync(pathOf(variant)));
/** Those that this machine's Node runs: an old one lacks relaxed SIMD. */
export const runnable = variants.filter(canRun);

/** Words of each golden line that begins with `kind`, without that word. */
export function goldenLines(file: string, kind: string): string[][] {
  const path = fileURLToPath(new URL(`../../../tests/fixtures/erasure/${file}`, import.meta.url));
  const lines = readFileSync(path, "utf8").split("\n").map((line) => line.split(" ").filter(Boolean));
  const found = lines.filter(([first]) => first === kind).map(([, ...rest]) => rest);
  if (found.length === 0) throw new Error(`no line "${kind}" in ${file}`);
  return found;
}

export const matrixOf = (id: number) => (Object.keys(matrices) as Matrix[]).find((name) => matrices[name] === id)!;

/** Byte i is the highest of the product (i + 1 + seed) · 2654435761. */
export function content(size: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) bytes[at] = Math.imul(at + 1 + seed, 2_654_435_761) >>> 24;
  return bytes;
}

/** The content, cut into k runs. */
export function cut(bytes: Uint8Array, k: number): Uint8Array[] {
  const length = bytes.length / k;
  return Array.from({ length: k }, (_, at) => bytes.subarray(at * length, (at + 1) * length));
}

export const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
export const fromHex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

/** Every way to choose `count` of the first `all` numbers. */
export function* choices(all: number, count: number, from = 0): Generator<number[]> {
  if (count === 0) yield [];
  else for (let first = from; first <= all - count; first += 1) for (const rest of choices(all, count - 1, first + 1)) yield [first, ...rest];
}

/** Keeps what was written; `failAt`: the n-th write fails. */
export function memorySink(options: { failAt?: number } = {}): Sink & { files: Map<string, Uint8Array>; state: Map<string, string> } {
  const files = new Map<string, Uint8Array>();
  const state = new Map<string, string>();
  let writes = 0;
  return {
    files,
    state,
    async open(name) {
      state.set(name, "open");
      files.set(name, new Uint8Array());
      return {
        async write(bytes, at) {
          writes += 1;
          if (writes === options.failAt) throw new ErasureError("unwritable", { name, why: "QuotaExceededError" });
          let file = files.get(name)!;
          const end = Math.max(file.length, at + bytes.length);
          if (end > file.buffer.byteLength) {
            const room = new Uint8Array(2 * end);
            room.set(file);
            file = room;
          }
          files.set(name, new Uint8Array(file.buffer, 0, end));
          files.get(name)!.set(bytes, at);
        },
        async close() {
          state.set(name, "closed");
        },
        async discard() {
          state.set(name, "discarded");
          files.delete(name);
        },
      };
    },
  };
}

export const fileOf = (bytes: Uint8Array, name: string) => new File([bytes as BlobPart], name);

/** The code of the ErasureError that `work` ends with. */
export async function codeOf(work: () => unknown): Promise<ErasureCode | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ErasureError) return error.code;
    throw error;
  }
}
