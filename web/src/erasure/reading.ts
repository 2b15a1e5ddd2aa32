/** Bytes of files, in pieces of a size that the whole page can afford. */
import { ErasureError } from "./error";
import { block_bytes } from "./plain_shard";

/** What is read of all shards together at one time; as much again is on its way meanwhile. */
const chunk_bytes_all = 8 << 20;
const chunk_bytes_max = 1 << 20;

export interface Progress {
  /** Bytes of the file, 0 … total. */
  (done: number, total: number): void;
}

export interface Options {
  signal?: AbortSignal;
  onProgress?: Progress;
}

/** Bytes of each of `count` shards that are worked on at a time: whole blocks, at least one. */
export function chunkBytes(count: number): number {
  const blocks = Math.floor(Math.min(chunk_bytes_max, chunk_bytes_all / count) / block_bytes);
  return Math.max(1, blocks) * block_bytes;
}

/** Bytes [from, from + length) of a file; what lies behind its end is zeros. Errors: unreadable. */
export async function readPiece(file: Blob, from: number, length: number): Promise<Uint8Array> {
  const there = Math.max(0, Math.min(length, file.size - from));
  const bytes = there > 0 ? await readable(file, file.slice(from, from + there).arrayBuffer()) : new ArrayBuffer(0);
  if (there === length) return new Uint8Array(bytes);
  const padded = new Uint8Array(length);
  padded.set(new Uint8Array(bytes));
  return padded;
}

async function readable<T>(file: Blob, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new ErasureError("unreadable", { name: nameOf(file), why: (error as Error).name });
  }
}

export function nameOf(file: Blob): string {
  return "name" in file ? String(file.name) : "";
}

export function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ErasureError("cancelled");
}
