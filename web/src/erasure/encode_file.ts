/** A file into shard files, in one pass from front to back, through buffers of fixed size. */
import { Codec } from "./codec";
import { ErasureError } from "./error";
import type { Layout } from "./layout";
import { block_bytes, blockCount, header_bytes, headOf, rootOf, writeEnd, writeHeader, type SetHead } from "./plain_shard";
import { breathe, chunkBytes, nameOf, Region, type Options } from "./reading";
import type { Out, Sink } from "./sink";

/** Block checksums are kept until the end: 4 bytes of each 64 KiB of all shards. */
const checksum_bytes_max = 64 << 20;

/**
 * Writes NAME.0 … NAME.(k+m−1) into `sink`. When it fails, nothing is left there.
 * Errors: layout, exhausted (the block checksums would not fit), unreadable, taken, unwritable, cancelled.
 */
export async function encodeFile(
  file: Blob, layout: Layout, sink: Sink, options: Options & { name?: string; module?: WebAssembly.Module } = {},
): Promise<string[]> {
  const codec = await Codec.load(layout, options.module);
  const head = headOf(layout, file.size);
  const total = layout.k + layout.m;
  if (4 * blockCount(head) * total > checksum_bytes_max) {
    throw new ErasureError("exhausted", { what: `${file.size} bytes in ${total} shards are too many for a browser` });
  }
  const name = options.name ?? nameOf(file);
  const names = Array.from({ length: total }, (_, index) => `${name}.${index}`);
  const outs: Out[] = [];
  try {
    for (const one of names) outs.push(await sink.open(one));
    await writeAll(file, head, codec, outs, options);
    for (const out of outs) await out.close();
  } catch (error) {
    await Promise.all(outs.map((out) => out.discard()));
    throw error;
  }
  return names;
}

async function writeAll(file: Blob, head: SetHead, codec: Codec, outs: readonly Out[], { signal, onProgress }: Options): Promise<void> {
  const { layout: { k, m }, length } = head;
  const coder = new BlockCoder(codec, blockCount(head));
  const step = chunkBytes(k + m);
  const regions = Array.from({ length: k }, (_, j) => new Region(file, j * length, length));
  const read = (from: number) => Promise.all(regions.map((region) => region.read(Math.min(step, length - from))));
  const parity = Array.from({ length: m }, () => new Uint8Array(Math.min(step, length)));
  const crc = codec.crc32c.bind(codec);
  await Promise.all(outs.map((out, index) => out.write(writeHeader(head, index, crc), 0)));

  try {
    let next = length > 0 ? read(0) : Promise.resolve([]);
    for (let from = 0; from < length; from += step) {
      const data = await next;
      await breathe(signal);
      next = from + step < length ? read(from + step) : Promise.resolve([]);
      next.catch(() => undefined); // It is awaited in the next round; until then nobody else may report it.
      const size = data[0]!.length;
      const made = parity.map((one) => one.subarray(0, size));
      coder.encode(data, made, from / block_bytes);
      const shards = [...data, ...made];
      await Promise.all(outs.map((out, index) => out.write(shards[index]!, header_bytes + from)));
      data.forEach((one, j) => regions[j]!.release(one));
      onProgress?.(Math.min(file.size, (from + size) * k), file.size);
    }
  } finally {
    for (const region of regions) region.close();
  }
  const roots = Uint32Array.from(coder.checksums, (one) => rootOf(one, length, crc));
  await Promise.all(
    outs.map((out, index) => out.write(writeEnd(head, coder.checksums[index]!, roots, crc), header_bytes + length)),
  );
}

/** Codes chunks block by block, so that the blocks of all shards are in the cache while their checksums are made. */
class BlockCoder {
  readonly checksums: readonly Uint32Array[];
  readonly #buffers: readonly Uint8Array[];

  constructor(
    private readonly codec: Codec,
    blocks: number,
  ) {
    const total = codec.layout.k + codec.layout.m;
    this.checksums = Array.from({ length: total }, () => new Uint32Array(blocks));
    this.#buffers = Array.from({ length: total }, () => codec.buffer(block_bytes));
  }

  /** `data` and `parity` are chunks that begin with block `block`; parity is overwritten. */
  encode(data: readonly Uint8Array[], parity: readonly Uint8Array[], block: number): void {
    const { k } = this.codec.layout;
    const size = data[0]!.length;
    for (let from = 0; from < size; from += block_bytes, block += 1) {
      const blocks = this.#buffers.map((buffer) => buffer.subarray(0, Math.min(block_bytes, size - from)));
      data.forEach((chunk, j) => blocks[j]!.set(chunk.subarray(from, from + block_bytes)));
      const checksums = this.codec.encodeBlock(blocks.slice(0, k), blocks.slice(k));
      parity.forEach((chunk, i) => chunk.set(blocks[k + i]!, from));
      checksums.forEach((one, index) => (this.checksums[index]![block] = one));
    }
  }
}
