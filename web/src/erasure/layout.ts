/**
 * How a file is coded: k data and m parity shards over GF(2^w). The ids of matrices are persisted in shard files and
 * never change their meaning (docs/formats/erasure.md).
 */
import { ErasureError } from "./error";

export const matrices = { replica: 0, cauchy: 1, vandermonde: 2, cauchy_xor: 3 } as const;
export type Matrix = keyof typeof matrices;

export interface Layout {
  k: number;
  m: number;
  /** Bits of an element of the field. With 16 every length is even. */
  w: 8 | 16;
  matrix: Matrix;
}

/** Most shards of a set in a browser: blocks of all of them lie in the module's memory. */
export const shards_max = 400;
/** Most with w = 8: as many as the field has elements. */
const shards_max_w8 = 256;

/** The layout of k and m with the default field and matrix. */
export function layoutOf(k: number, m: number): Layout {
  return { k, m, w: 8, matrix: k === 1 ? "replica" : "cauchy" };
}

/** Can the codec do this here? */
export function isLayout({ k, m, w, matrix }: Layout): boolean {
  const most = w === 8 || (w === 16 && matrix === "cauchy_xor") ? shards_max_w8 : w === 16 ? shards_max : 0;
  const is_whole = Number.isInteger(k) && Number.isInteger(m);
  return is_whole && k >= 1 && m >= 0 && k + m <= most && matrix in matrices && (matrix === "replica") === (k === 1);
}

/** Throws ErasureError: layout, naming the numbers. */
export function checkLayout(layout: Layout): void {
  if (!isLayout(layout)) throw new ErasureError("layout", { k: layout.k, m: layout.m, w: layout.w });
}

/** Bytes of each shard of a file of `size` bytes (docs/formats/plain_shard.md). */
export function shardLength({ k, w }: Layout, size: number): number {
  const length = Math.ceil(size / k);
  return w === 16 ? length + (length % 2) : length;
}
