/** Shard files back into the file, through buffers of fixed size. Every block is proven before it is used. */
import { Codec, type Plan } from "./codec";
import { ErasureError } from "./error";
import { inspectShards, type Inspection, type ShardFile } from "./inspect_shards";
import { layoutOf } from "./layout";
import { block_bytes, blockCount, header_bytes, rootOf, type SetHead } from "./plain_shard";
import { breathe, chunkBytes, readPiece, Region, type Options } from "./reading";
import type { Out, Sink } from "./sink";

export interface Decoded {
  name: string;
  size: number;
  /** Blocks that failed their checksum, by the index of their shard. */
  damaged: Map<number, number>;
  inspection: Inspection;
}

/**
 * Writes the file into `sink`, under the name of the first usable shard without its number. When it fails, nothing is
 * left there. Errors: too_few (naming the missing shards), too_damaged, corrupt, unreadable, taken, unwritable,
 * cancelled.
 */
export async function decodeShards(
  files: readonly Blob[], sink: Sink, options: Options & { module?: WebAssembly.Module } = {},
): Promise<Decoded> {
  const reader = await Codec.load(layoutOf(1, 0), options.module);
  const inspection = await inspectShards(files, reader);
  const { head, shards, missing } = inspection;
  if (!head || shards.size < head.layout.k) {
    throw new ErasureError("too_few", { have: shards.size, k: head?.layout.k ?? 1, missing: missing.join(", ") });
  }
  const codec = await Codec.load(head.layout, options.module);
  const name = wholeName([...shards.values()][0]!.name);
  const out = await sink.open(name);
  try {
    const decoder = new Decoding(head, shards, codec);
    await decoder.writeAll(out, options);
    await out.close();
    return { name, size: head.size, damaged: decoder.damaged, inspection };
  } catch (error) {
    await out.discard();
    throw error;
  }
}

/** "a.txt.3" → "a.txt". */
export function wholeName(shard: string): string {
  return shard.replace(/(?<=.)\.\d+$/, "") || "file";
}

/** Erasure patterns remembered; damage that makes more of them costs new plans. */
const plans_max = 16;

/** A block of a shard, in the codec's memory. */
type Block = Uint8Array;

class Decoding {
  readonly damaged = new Map<number, number>();
  readonly #buffers: readonly Uint8Array[];
  readonly #made: Map<number, Uint32Array>;
  readonly #plans = new Map<string, Plan>();

  constructor(
    private readonly head: SetHead,
    private readonly shards: ReadonlyMap<number, ShardFile>,
    private readonly codec: Codec,
  ) {
    const { k, m } = head.layout;
    this.#buffers = Array.from({ length: k + m }, () => codec.buffer(block_bytes));
    const lost = Array.from({ length: k }, (_, index) => index).filter((index) => !shards.has(index));
    this.#made = new Map(lost.map((index) => [index, new Uint32Array(blockCount(head))]));
  }

  /** Chunk by chunk: k shards at the same place, data before parity, and more where blocks are damaged. */
  async writeAll(out: Out, { signal, onProgress }: Options): Promise<void> {
    const { layout: { k, m }, length, size } = this.head;
    const step = chunkBytes(k + m);
    const needed = [...this.shards.keys()].sort((a, b) => a - b).slice(0, k);
    const regions = new Map(needed.map((index) => [index, new Region(this.shards.get(index)!.file, header_bytes, length)]));
    const read = async (from: number): Promise<Map<number, Uint8Array>> => {
      const piece = Math.min(step, length - from);
      // What cannot be read counts as zeros: the checksums find that out, and other shards help.
      const read = [...regions].map(async ([index, region]) => [index, await region.read(piece).catch(() => new Uint8Array(piece))] as const);
      return new Map(await Promise.all(read));
    };
    try {
      let next = length > 0 ? read(0) : Promise.resolve(new Map<number, Uint8Array>());
      for (let from = 0; from < length; from += step) {
        const chunks = await next;
        await breathe(signal);
        next = from + step < length ? read(from + step) : Promise.resolve(new Map());
        const data = await this.#decodeChunk(chunks, from);
        for (const [index, chunk] of data.entries()) {
          const at = index * length + from;
          if (at < size) await out.write(chunk.subarray(0, size - at), at);
        }
        for (const [index, region] of regions) region.release(chunks.get(index)!);
        onProgress?.(Math.min(size, (from + step) * k), size);
      }
    } finally {
      for (const region of regions.values()) region.close();
    }
    for (const [index, checksums] of this.#made) {
      const root = rootOf(checksums, length, (bytes, crc) => this.codec.crc32c(bytes, crc));
      if (root !== [...this.shards.values()][0]!.roots[index]) throw new ErasureError("corrupt", { index });
    }
  }

  /** The k data chunks. Chunks of further shards are read when blocks turn out to be damaged. */
  async #decodeChunk(chunks: Map<number, Uint8Array>, from: number): Promise<Uint8Array[]> {
    const { k } = this.head.layout;
    const size = Math.min(chunkBytes(k + this.head.layout.m), this.head.length - from);
    const data = Array.from({ length: k }, (_, index) => chunks.get(index) ?? new Uint8Array(size));
    for (let at = 0; at < size; at += block_bytes) {
      const block = (from + at) / block_bytes;
      const length = Math.min(block_bytes, size - at);
      const whole = new Map<number, Block>();
      const take = (index: number) => {
        const bytes = this.#buffers[index]!.subarray(0, length);
        bytes.set(chunks.get(index)!.subarray(at, at + length));
        if (this.codec.crc32c(bytes) === this.shards.get(index)!.checksums[block]) whole.set(index, bytes);
        else this.damaged.set(index, (this.damaged.get(index) ?? 0) + 1);
      };
      for (const index of chunks.keys()) take(index);
      for (const index of this.shards.keys()) {
        if (whole.size >= k) break;
        if (chunks.has(index)) continue;
        const piece = readPiece(this.shards.get(index)!.file, header_bytes + from, size);
        chunks.set(index, await piece.catch(() => new Uint8Array(size)));
        take(index);
      }
      this.#makeLost(whole, data, from + at, length);
    }
    return data;
  }

  /** Computes what is not whole of the data shards at byte `place` of the payload. */
  #makeLost(whole: ReadonlyMap<number, Block>, data: readonly Uint8Array[], place: number, length: number): void {
    const { k } = this.head.layout;
    const lost = data.map((_, index) => index).filter((index) => !whole.has(index));
    if (lost.length === 0) return;
    if (whole.size < k) throw new ErasureError("too_damaged", { at: place, k });
    const have = [...whole.keys()].sort((a, b) => a - b).slice(0, k);
    const made = lost.map((index) => this.#buffers[index]!.subarray(0, length));
    this.#planFor(have, lost).apply(have.map((index) => whole.get(index)!), made);
    lost.forEach((index, at) => {
      const checksum = this.codec.crc32c(made[at]!);
      const block = place / block_bytes;
      const told = this.shards.get(index)?.checksums[block];
      if (told !== undefined && told !== checksum) throw new ErasureError("corrupt", { index });
      this.#made.get(index)?.set([checksum], block);
      data[index]!.set(made[at]!, place % chunkBytes(k + this.head.layout.m));
    });
  }

  #planFor(have: readonly number[], want: readonly number[]): Plan {
    const key = `${have.join()} ${want.join()}`;
    let plan = this.#plans.get(key);
    if (!plan) {
      if (this.#plans.size >= plans_max) {
        for (const old of this.#plans.values()) old.close();
        this.#plans.clear();
      }
      plan = this.codec.plan(have, want);
      this.#plans.set(key, plan);
    }
    return plan;
  }
}

