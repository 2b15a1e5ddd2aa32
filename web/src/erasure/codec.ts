/**
 * Content into k + m shards, and any k of them back: src/erasure in WebAssembly, with types.
 *
 * A codec has a memory of its own, of fixed size. Arrays made by buffer() lie in it and are used where they are;
 * others are copied through it block by block. Nothing outside of the given arrays is read or written. Calls are
 * synchronous and cost time: use it in a worker (worker.ts).
 */
import { ErasureError } from "./error";
import { checkLayout, matrices, shards_max, type Layout } from "./layout";
import { loadModule, type Exports } from "./module";

/** Of each shard at a time, when arrays are copied: all shards of the usual layouts stay in the cache. */
const block_bytes_max = 16 << 10;
/**
 * Between arrays. Where the same places of all shards are a power of two apart, they share a few lines of the cache:
 * half the speed with 14 shards.
 */
const apart_bytes = 64;
const span_bytes = 8;
const spans_max = shards_max;

export class Codec {
  readonly #exports: Exports;
  readonly #memory: Uint8Array;
  readonly #words: Uint32Array;
  /** At the start of the arena: three lists of spans, and checksums. Then what buffer() gave, then what is free. */
  readonly #lists: readonly [number, number, number];
  readonly #checksums: number;
  #free: number;

  private constructor(
    instance: WebAssembly.Instance,
    readonly layout: Layout,
  ) {
    this.#exports = instance.exports as unknown as Exports;
    this.#memory = new Uint8Array(this.#exports.memory.buffer);
    this.#words = new Uint32Array(this.#exports.memory.buffer);
    const arena = alignUp(this.#exports.start());
    const list_bytes = spans_max * span_bytes;
    this.#lists = [arena, arena + list_bytes, arena + 2 * list_bytes];
    this.#checksums = arena + 3 * list_bytes;
    this.#free = alignUp(this.#checksums + 4 * spans_max);
    if (this.#exports.use_layout(layout.k, layout.m, layout.w, matrices[layout.matrix]) !== 0) {
      throw new ErasureError("layout", { k: layout.k, m: layout.m, w: layout.w });
    }
  }

  /** The module that this browser runs best, or `module`. Errors: layout. */
  static async load(layout: Layout, module?: WebAssembly.Module): Promise<Codec> {
    checkLayout(layout);
    return new Codec(await WebAssembly.instantiate(module ?? (await loadModule())), layout);
  }

  /** A zeroed array in the codec's memory, which lives as long as the codec. Errors: exhausted. */
  buffer(size: number): Uint8Array {
    const from = this.#free;
    const to = alignUp(from + size) + apart_bytes;
    if (to > this.#memory.length) throw new ErasureError("exhausted", { what: `no room for ${size} bytes` });
    this.#free = to;
    return this.#memory.subarray(from, from + size).fill(0);
  }

  /**
   * `data`: k arrays; `parity`: m arrays as long as data[0], which are overwritten. data[0] is the longest; a shorter
   * one counts as if filled with zeros. Errors: arguments.
   */
  encode(data: readonly Uint8Array[], parity: readonly Uint8Array[]): void {
    const size = this.#checkShards(data, parity);
    this.#inBlocks(data, parity, size, (sources, outs) => this.#exports.encode(sources, outs));
  }

  /**
   * The same for arrays that lie in the codec's memory and hold at most a block of 65,536 bytes each; gives the CRC32C
   * of all k + m shards, made while their bytes are in the cache. Errors: arguments.
   */
  encodeBlock(data: readonly Uint8Array[], parity: readonly Uint8Array[]): Uint32Array {
    this.#checkShards(data, parity);
    const all = [...data, ...parity];
    check(all.every((one) => this.#isInside(one) && one.length <= 65_536), "blocks lie in the codec's memory");
    const [first, second, third] = this.#lists;
    this.#place(first, data);
    this.#place(second, parity);
    const checksums = this.#words.subarray(this.#checksums / 4, this.#checksums / 4 + all.length).fill(0);
    // A shard of no bytes has no block, and the CRC32C of nothing is 0.
    all.forEach((one, at) => this.#words.set([this.#checksums + 4 * at, one.length > 0 ? 4 : 0], third / 4 + 2 * at));
    this.#exports.encode_checked(first, second, third);
    return checksums.slice();
  }

  /**
   * Do the shards fit each other, and if not, which are wrong? k + m arrays in the order of shards, lengths as for
   * encode(). `liars` are up to m / 2 of them, empty when it cannot be told. Arrays outside of the codec's memory are
   * examined in pieces, and a shard that lies in any piece is a liar; liars that differ by piece must stay within m / 2
   * together. Errors: arguments.
   */
  examine(shards: readonly Uint8Array[]): { fits: boolean; liars: number[] } {
    const { k, m, w } = this.layout;
    const size = shards[0]?.length ?? 0;
    check(shards.length === k + m, `${shards.length} shards for ${k}+${m}`);
    if (shards.some((one, at) => (at < k ? one.length > size : one.length !== size) || (w === 16 && one.length % 2 !== 0))) {
      return { fits: false, liars: [] };
    }
    const liars = new Set<number>();
    let [fits, is_told] = [true, true];
    this.#inBlocks(shards, [], size, (all, list) => {
      const count = this.#exports.examine(all, list);
      fits &&= count < 0;
      is_told &&= count !== 0;
      for (let at = 0; at < count; at += 1) liars.add(this.#words[list / 4 + at]!);
    });
    return { fits, liars: is_told && liars.size <= m / 2 ? [...liars].sort((a, b) => a - b) : [] };
  }

  /**
   * How `want` is computed from `have`: k distinct indexes of shards, and others. Made once, then applied to many
   * stripes; close() it when done. Errors: arguments, exhausted (64 plans at a time).
   */
  plan(have: readonly number[], want: readonly number[]): Plan {
    const { k, m } = this.layout;
    const all = [...have, ...want];
    check(have.length === k, `${have.length} shards at hand, ${k} needed`);
    check(all.every((one) => Number.isInteger(one) && one >= 0 && one < k + m), `no such shard among ${all.join(" ")}`);
    check(new Set(all).size === all.length, `a shard is named twice: ${all.join(" ")}`);
    const [first, second] = this.#lists;
    this.#words.set(have, first / 4);
    this.#words.set(want, second / 4);
    const number = this.#exports.make_plan(first, have.length, second, want.length);
    if (number < 0) throw new ErasureError("exhausted", { what: "too many plans" });
    let is_open = true;
    return {
      have: [...have],
      want: [...want],
      apply: (survivors, out) => {
        check(is_open, "this plan was closed");
        const size = Math.max(...survivors.map((one) => one.length));
        check(survivors.length === k && out.length === want.length, `${survivors.length} → ${out.length} shards`);
        check(out.every((one) => one.length <= size), "more is wanted than there is");
        this.#checkLengths([...survivors, ...out]);
        this.#inBlocks(survivors, out, size, (sources, outs) => this.#exports.apply_plan(number, sources, outs, out.length));
      },
      close: () => {
        if (is_open) this.#exports.drop_plan(number);
        is_open = false;
      },
    };
  }

  /** CRC32C, going on from `crc` (0 = start). */
  crc32c(bytes: Uint8Array, crc = 0): number {
    if (this.#isInside(bytes)) return this.#exports.crc32c(bytes.byteOffset, bytes.length, crc) >>> 0;
    for (let at = 0; at < bytes.length; at += block_bytes_max) {
      const block = bytes.subarray(at, at + block_bytes_max);
      this.#memory.set(block, this.#room(block.length));
      crc = this.#exports.crc32c(this.#free, block.length, crc) >>> 0;
    }
    return crc;
  }

  /** The length of data[0]. */
  #checkShards(data: readonly Uint8Array[], parity: readonly Uint8Array[]): number {
    const { k, m } = this.layout;
    const size = data[0]?.length ?? 0;
    check(data.length === k && parity.length === m, `${data.length} + ${parity.length} shards for ${k}+${m}`);
    check(data.every((one) => one.length <= size) && parity.every((one) => one.length === size), "lengths differ");
    this.#checkLengths(data);
    return size;
  }

  #checkLengths(shards: readonly Uint8Array[]): void {
    check(this.layout.w === 8 || shards.every((one) => one.length % 2 === 0), "with w = 16 lengths are even");
  }

  /** Writes arrays of the memory as a list of spans. */
  #place(list: number, arrays: readonly Uint8Array[]): void {
    arrays.forEach((one, at) => {
      this.#words[list / 4 + 2 * at] = one.byteOffset;
      this.#words[list / 4 + 2 * at + 1] = one.length;
    });
  }

  /** Calls `work` with lists of spans: once when all arrays lie in the memory, else block by block through copies. */
  #inBlocks(
    sources: readonly Uint8Array[], outs: readonly Uint8Array[], size: number, work: (sources: number, outs: number) => void,
  ): void {
    const [first, second] = this.#lists;
    const is_outside = [...sources, ...outs].filter((one) => !this.#isInside(one)).length;
    const step = is_outside === 0 ? size : Math.min(block_bytes_max, this.#roomFor(is_outside));
    for (let from = 0; from < size; from += step) {
      let copy = this.#free;
      const place = (list: number, arrays: readonly Uint8Array[], copies_in: boolean): void =>
        arrays.forEach((array, at) => {
          const length = Math.max(0, Math.min(step, array.length - from));
          let address = array.byteOffset + from;
          if (!this.#isInside(array)) {
            address = copy;
            if (copies_in && length > 0) this.#memory.set(array.subarray(from, from + length), copy);
            copy += step + apart_bytes;
          }
          this.#words[list / 4 + 2 * at] = address;
          this.#words[list / 4 + 2 * at + 1] = length;
        });
      place(first, sources, true);
      place(second, outs, false);
      work(first, second);
      outs.forEach((array, at) => {
        const address = this.#words[second / 4 + 2 * at]!;
        const length = this.#words[second / 4 + 2 * at + 1]!;
        if (length > 0 && !this.#isInside(array)) array.set(this.#memory.subarray(address, address + length), from);
      });
    }
  }

  #isInside(array: Uint8Array): boolean {
    return array.buffer === this.#memory.buffer;
  }

  /** Bytes for each of `count` copies, a multiple of 64. */
  #roomFor(count: number): number {
    const each = Math.floor((this.#memory.length - this.#free) / count / 64) * 64 - apart_bytes;
    if (each <= 0) throw new ErasureError("exhausted", { what: `no room for ${count} copies` });
    return each;
  }

  #room(size: number): number {
    if (this.#free + size > this.#memory.length) throw new ErasureError("exhausted", { what: `no room for ${size} bytes` });
    return this.#free;
  }
}

/** From which k shards which others are computed. */
export interface Plan {
  readonly have: readonly number[];
  readonly want: readonly number[];
  /**
   * `survivors`: k arrays in the order of `have`; `out`: in the order of `want`. A shorter survivor counts as if
   * filled with zeros; of a shorter out only its bytes are computed. Errors: arguments.
   */
  apply(survivors: readonly Uint8Array[], out: readonly Uint8Array[]): void;
  close(): void;
}

function alignUp(address: number): number {
  return Math.ceil(address / 64) * 64;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new ErasureError("arguments", { what });
}
