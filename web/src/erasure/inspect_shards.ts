/** What some files are, as shards: read from their first and last bytes. */
import type { Codec } from "./codec";
import { ErasureError } from "./error";
import {
  endBytes, fileBytes, header_bytes, isSameSet, readEnd, readHeader, ShardFault, type Crc, type Fault, type SetHead,
} from "./plain_shard";
import { nameOf, readPiece } from "./reading";

export interface ShardFile {
  file: Blob;
  name: string;
  head: SetHead;
  index: number;
  checksums: Uint32Array;
  roots: Uint32Array;
}

export interface Inspection {
  /** What most usable files belong to; absent when none is usable. */
  head?: SetHead;
  /** By index, at most one each. */
  shards: Map<number, ShardFile>;
  /** Files that cannot be used, and why. */
  refused: { name: string; why: Fault | "twice" | "other_set" }[];
  /** Indexes that no file has. */
  missing: number[];
}

/** Files are read one after the other: the end of each may be some MiB. */
export async function inspectShards(files: readonly Blob[], codec: Pick<Codec, "crc32c">): Promise<Inspection> {
  const crc: Crc = (bytes, start) => codec.crc32c(bytes, start);
  const refused: Inspection["refused"] = [];
  const sets: ShardFile[][] = [];
  for (const file of files) {
    try {
      const shard = await readShard(file, crc);
      const same = sets.find((set) => isSameSet(set[0]!, shard));
      if (same) same.push(shard);
      else sets.push([shard]);
    } catch (error) {
      const fault = error instanceof ShardFault ? error.fault : error instanceof ErasureError ? "unreadable" : undefined;
      if (fault === undefined) throw error;
      refused.push({ name: nameOf(file), why: fault });
    }
  }
  sets.sort((a, b) => b.length - a.length);
  const [chosen = [], ...others] = sets;
  for (const { name } of others.flat()) refused.push({ name, why: "other_set" });
  const shards = new Map<number, ShardFile>();
  for (const shard of chosen) {
    if (shards.has(shard.index)) refused.push({ name: shard.name, why: "twice" });
    else shards.set(shard.index, shard);
  }
  const head = chosen[0]?.head;
  const total = head ? head.layout.k + head.layout.m : 0;
  const missing = Array.from({ length: total }, (_, index) => index).filter((index) => !shards.has(index));
  return { ...(head && { head }), shards, refused, missing };
}

async function readShard(file: Blob, crc: Crc): Promise<ShardFile> {
  const { head, index } = readHeader(await readPiece(file, 0, Math.min(header_bytes, file.size)), crc);
  if (file.size !== fileBytes(head)) throw new ShardFault("wrong_length");
  const end = await readPiece(file, header_bytes + head.length, endBytes(head));
  return { file, name: nameOf(file), head, index, ...readEnd(end, head, index, crc) };
}
