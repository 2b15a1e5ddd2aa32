/**
 * A shard as a file of its own: header, payload, block checksums, roots, set. The format, byte by byte:
 * docs/formats/plain_shard.md. Here are its parts as numbers; nothing here reads or writes files.
 */
import { isLayout, matrices, shardLength, type Layout, type Matrix } from "./layout";

export const header_bytes = 64;
export const block_bytes = 65_536;
const magic = [...new TextEncoder().encode("DGRFSHRD")];
const format = 1;
/** Larger sizes are not whole numbers for JavaScript; the format itself ends at 2^60. */
const size_max = Number.MAX_SAFE_INTEGER;

export type Crc = (bytes: Uint8Array, crc?: number) => number;

/** What all shards of a set have in common. */
export interface SetHead {
  layout: Layout;
  /** Of the file, in bytes. */
  size: number;
  /** Of each payload, in bytes. */
  length: number;
}

/** Why a file is no shard that can be used here. */
export type Fault = "not_a_shard" | "unknown_format" | "unknown_layout" | "damaged_header" | "wrong_length" | "damaged_end" | "unreadable";

export class ShardFault extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
  }
}

export function headOf(layout: Layout, size: number): SetHead {
  return { layout, size, length: shardLength(layout, size) };
}

export function blockCount(head: SetHead): number {
  return Math.ceil(head.length / block_bytes);
}

/** Bytes behind the payload. */
export function endBytes(head: SetHead): number {
  return 4 * blockCount(head) + 4 * (head.layout.k + head.layout.m) + 4;
}

export function fileBytes(head: SetHead): number {
  return header_bytes + head.length + endBytes(head);
}

/** 64 bytes. */
export function writeHeader({ layout, size, length }: SetHead, index: number, crc: Crc): Uint8Array {
  const bytes = new Uint8Array(header_bytes);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(8, format, true);
  view.setUint16(12, layout.k, true);
  view.setUint16(14, layout.m, true);
  view.setUint8(16, layout.w);
  view.setUint8(17, matrices[layout.matrix]);
  view.setUint16(18, index, true);
  view.setUint32(20, block_bytes, true);
  view.setBigUint64(24, BigInt(size), true);
  view.setBigUint64(32, BigInt(length), true);
  view.setUint32(60, crc(bytes.subarray(0, 60)), true);
  return bytes;
}

/** Throws ShardFault: anything that this reader does not know, or that does not fit, is no shard. */
export function readHeader(bytes: Uint8Array, crc: Crc): { head: SetHead; index: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < header_bytes || magic.some((byte, at) => bytes[at] !== byte)) throw new ShardFault("not_a_shard");
  if (view.getUint32(8, true) !== format) throw new ShardFault("unknown_format");
  if (view.getUint32(60, true) !== crc(bytes.subarray(0, 60))) throw new ShardFault("damaged_header");
  const [k, m, w, id, index] = [view.getUint16(12, true), view.getUint16(14, true), bytes[16], bytes[17], view.getUint16(18, true)];
  const matrix = (Object.keys(matrices) as Matrix[]).find((name) => matrices[name] === id);
  const layout = { k, m, w, matrix } as Layout;
  if (!isLayout(layout)) throw new ShardFault("unknown_layout");
  const [size, length] = [view.getBigUint64(24, true), view.getBigUint64(32, true)];
  const head = headOf(layout, Number(size));
  const is_sound =
    size <= BigInt(size_max) && Number(length) === head.length && index < k + m && view.getUint32(20, true) === block_bytes;
  if (!is_sound || bytes.subarray(40, 60).some((byte) => byte !== 0)) throw new ShardFault("damaged_header");
  return { head, index };
}

/** Of a shard: CRC32C over its block checksums and its length. */
export function rootOf(checksums: Uint32Array, length: number, crc: Crc): number {
  const end = new Uint8Array(8);
  new DataView(end.buffer).setBigUint64(0, BigInt(length), true);
  return crc(end, crc(littleEndian(checksums)));
}

/** CRC32C over what the shards of a set have in common, and all their roots. */
export function setOf(head: SetHead, roots: Uint32Array, crc: Crc): number {
  const header = writeHeader(head, 0, crc);
  return crc(littleEndian(roots), crc(header.subarray(20, 40), crc(header.subarray(8, 18))));
}

/** What stands behind the payload. */
export function writeEnd(head: SetHead, checksums: Uint32Array, roots: Uint32Array, crc: Crc): Uint8Array {
  const words = new Uint32Array(checksums.length + roots.length + 1);
  words.set(checksums);
  words.set(roots, checksums.length);
  words[words.length - 1] = setOf(head, roots, crc);
  return littleEndian(words);
}

/** Throws ShardFault: damaged_end. `bytes` are endBytes(head) long. */
export function readEnd(
  bytes: Uint8Array, head: SetHead, index: number, crc: Crc,
): { checksums: Uint32Array; roots: Uint32Array } {
  const words = fromLittleEndian(bytes);
  const blocks = blockCount(head);
  const [checksums, roots, set] = [words.slice(0, blocks), words.slice(blocks, -1), words.at(-1)];
  if (set !== setOf(head, roots, crc) || roots[index] !== rootOf(checksums, head.length, crc)) throw new ShardFault("damaged_end");
  return { checksums, roots };
}

/** Do two shards belong to one set? */
export function isSameSet(a: { head: SetHead; roots: Uint32Array }, b: { head: SetHead; roots: Uint32Array }): boolean {
  const keyOf = ({ head: { layout, size } }: { head: SetHead }) => `${layout.k} ${layout.m} ${layout.w} ${layout.matrix} ${size}`;
  return keyOf(a) === keyOf(b) && a.roots.every((root, at) => root === b.roots[at]);
}

function littleEndian(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, at) => view.setUint32(4 * at, word, true));
  return bytes;
}

function fromLittleEndian(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(4 * at, true));
}
