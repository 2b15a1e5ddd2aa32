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

/**
 * Bytes [from, from + length) of a file, from front to back, in buffers that return to it: a stream is ten times as
 * fast as pieces, and makes no garbage. What lies behind the end of the file is zeros.
 */
export class Region {
  readonly #file: Blob;
  readonly #reader: ReadableStreamBYOBReader | undefined;
  readonly #spare: ArrayBufferLike[] = [];

  constructor(file: Blob, from: number, length: number) {
    this.#file = file;
    const to = Math.min(from + length, file.size);
    if (from < to) this.#reader = file.slice(from, to).stream().getReader({ mode: "byob" });
  }

  /** The next bytes, whose buffer is theirs until release(). Errors: unreadable. */
  async read(length: number): Promise<Uint8Array> {
    let buffer = this.#spare.pop() ?? new ArrayBuffer(length);
    if (buffer.byteLength < length) buffer = new ArrayBuffer(length);
    let filled = 0;
    while (this.#reader && filled < length) {
      const { value, done } = await readable(this.#file, this.#reader.read(new Uint8Array(buffer as ArrayBuffer, filled, length - filled)));
      buffer = value?.buffer ?? new ArrayBuffer(length);
      if (done) break;
      filled += value.length;
    }
    return new Uint8Array(buffer, 0, length).fill(0, filled);
  }

  release(bytes: Uint8Array): void {
    this.#spare.push(bytes.buffer);
  }

  close(): void {
    void this.#reader?.cancel().catch(() => undefined);
  }
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

/** Lets messages in, which a stream that is always ready would hold up. Errors: cancelled. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(0);
  });
  if (signal?.aborted) throw new ErasureError("cancelled");
}
