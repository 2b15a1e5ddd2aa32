/** Shard files as the native program writes them, byte for byte (docs/formats/plain_shard.md). */
import { beforeAll, describe, expect, it } from "vitest";
import { Codec } from "./codec";
import { decodeShards } from "./decode_shards";
import { encodeFile } from "./encode_file";
import { layoutOf, type Layout } from "./layout";
import { bestVariant } from "./module";
import { readHeader, ShardFault, writeHeader, headOf } from "./plain_shard";
import { codeOf, content, fileOf, fromHex, goldenLines, matrixOf, memorySink, moduleOf, toHex } from "./testing";

let module: WebAssembly.Module;
let codec: Codec;
beforeAll(async () => {
  module = await moduleOf(bestVariant());
  codec = await Codec.load(layoutOf(1, 0), module);
});

const crc = (bytes: Uint8Array, start?: number) => codec.crc32c(bytes, start);
const numbers = (words: readonly string[]) => words.slice(0, 6).map(Number) as [number, number, number, number, number, number];
const shardsOf = async (bytes: Uint8Array, k: number, m: number, more: Partial<Layout> = {}) => {
  const sink = memorySink();
  const names = await encodeFile(fileOf(bytes, "a.bin"), { ...layoutOf(k, m), ...more }, sink, { module });
  return names.map((name) => fileOf(sink.files.get(name)!, name));
};
const decode = async (files: readonly Blob[]) => {
  const sink = memorySink();
  const decoded = await decodeShards(files, sink, { module });
  return { ...decoded, bytes: sink.files.get(decoded.name)!, state: sink.state.get(decoded.name) };
};
const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());
const damaged = async (file: File, at: number, by = 1) => {
  const bytes = await bytesOf(file);
  bytes[at]! ^= by;
  return fileOf(bytes, file.name);
};
/** A part of a file that went away. */
const unreadable = (why: string) => {
  const pull = (): Promise<void> => Promise.reject(new DOMException("", why));
  return { stream: () => new ReadableStream({ type: "bytes", pull }) } as unknown as Blob;
};

describe("shard files", () => {
  it("are the golden ones", async () => {
    for (const line of goldenLines("plain-1.txt", "file")) {
      const [k, m, w, matrix, size, seed] = numbers(line);
      const files = await shardsOf(content(size, seed), k, m, { w: w as 8 | 16, matrix: matrixOf(matrix) });
      expect(await Promise.all(files.map(async (file) => toHex(await bytesOf(file)))), line.slice(0, 6).join(" ")).toEqual(line.slice(6));
    }
  });

  it("are the golden ones when they are longer than a block", async () => {
    for (const line of goldenLines("plain-1.txt", "long")) {
      const [k, m, w, matrix, size, seed] = numbers(line);
      const files = await shardsOf(content(size, seed), k, m, { w: w as 8 | 16, matrix: matrixOf(matrix) });
      const told = await Promise.all(files.map(async (file) => `${file.size}:${crc(await bytesOf(file)).toString(16).padStart(8, "0")}`));
      expect(told, line.slice(0, 6).join(" ")).toEqual(line.slice(6));
    }
  });

  it("are read when another program wrote them, whichever are left", async () => {
    for (const line of goldenLines("plain-1.txt", "file")) {
      const [k, m, , , size, seed] = numbers(line);
      const files = line.slice(6).map((hex, index) => fileOf(fromHex(hex), `x.y.${index}`));
      for (let first = 0; first <= m; first += 1) {
        const { bytes, name, state } = await decode(files.slice(first, first + k));
        expect(toHex(bytes), line.slice(0, 6).join(" ")).toBe(toHex(content(size, seed)));
        expect([name, state]).toEqual(["x.y", "closed"]);
      }
    }
  });
});

describe("a header", () => {
  const header = (k = 4, m = 2, size = 1000) => writeHeader(headOf(layoutOf(k, m), size), 3, crc);
  const faultOf = (bytes: Uint8Array) => {
    try {
      return readHeader(bytes, crc);
    } catch (error) {
      return (error as ShardFault).fault;
    }
  };
  /** A header that somebody made on purpose: its checksum is right. */
  const forged = (change: (view: DataView) => void) => {
    const bytes = header();
    const view = new DataView(bytes.buffer);
    change(view);
    view.setUint32(60, crc(bytes.subarray(0, 60)), true);
    return bytes;
  };

  it("is read as it was written", () => {
    expect(readHeader(header(), crc)).toEqual({ head: headOf(layoutOf(4, 2), 1000), index: 3 });
  });

  it("with any flipped bit is refused", () => {
    for (let bit = 0; bit < 512; bit += 1) {
      const bytes = header();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(faultOf(bytes), `bit ${bit}`).toEqual(expect.any(String));
    }
  });

  it("that is cut short is no shard", () => {
    for (const size of [0, 1, 8, 63]) expect(faultOf(header().subarray(0, size))).toBe("not_a_shard");
  });

  it.each([
    ["k of 0", "unknown_layout", (view: DataView) => view.setUint16(12, 0, true)],
    ["more shards than there are", "unknown_layout", (view: DataView) => view.setUint16(14, 253, true)],
    ["w of 9", "unknown_layout", (view: DataView) => view.setUint8(16, 9)],
    ["an unknown matrix", "unknown_layout", (view: DataView) => view.setUint8(17, 200)],
    ["an index beyond the set", "damaged_header", (view: DataView) => view.setUint16(18, 6, true)],
    ["another block size", "damaged_header", (view: DataView) => view.setUint32(20, 4096, true)],
    ["a length that does not follow", "damaged_header", (view: DataView) => view.setBigUint64(32, 251n, true)],
    ["a size beyond numbers", "damaged_header", (view: DataView) => view.setBigUint64(24, 2n ** 63n, true)],
    ["something in the zeros", "damaged_header", (view: DataView) => view.setUint8(59, 1)],
    ["a later format", "unknown_format", (view: DataView) => view.setUint32(8, 2, true)],
  ] as const)("with %s is refused as %s", (_, fault, change) => {
    expect(faultOf(forged(change))).toBe(fault);
  });
});

describe("decoding", () => {
  const bytes = content(4 * 200_000 + 17, 3);

  it("takes k shards at each place, not everywhere: all six may be damaged", async () => {
    const files = await shardsOf(bytes, 4, 2);
    const hurt = await Promise.all(files.map((file, index) => damaged(file, 64 + (index >> 1) * 65_536 + 100 * index)));
    const { bytes: back, damaged: told } = await decode(hurt);
    expect(toHex(back)).toBe(toHex(bytes));
    expect([...told].sort()).toEqual([0, 1, 2, 3, 4, 5].map((index) => [index, 1]));
  });

  it("says where too few blocks are whole, and leaves nothing behind", async () => {
    const files = await shardsOf(bytes, 4, 2);
    const hurt = await Promise.all(files.map((file, index) => (index % 2 === 0 ? damaged(file, 64 + 65_536 + 5) : file)));
    const sink = memorySink();
    const failing = decodeShards(hurt, sink, { module });
    await expect(failing).rejects.toMatchObject({ code: "too_damaged", values: { at: 65_536, k: 4 } });
    expect(sink.files.size).toBe(0);
  });

  it("names the missing shards when there are too few", async () => {
    const files = await shardsOf(bytes, 4, 2);
    const failing = decodeShards([files[1]!, files[4]!, files[5]!, files[5]!], memorySink(), { module });
    await expect(failing).rejects.toMatchObject({ code: "too_few", values: { have: 3, k: 4, missing: "0, 2, 3" } });
    expect(await codeOf(() => decodeShards([], memorySink(), { module }))).toBe("too_few");
    expect(await codeOf(() => decodeShards([fileOf(content(500), "x")], memorySink(), { module }))).toBe("too_few");
  });

  it("uses the larger set when shards are mixed, and says what it left out", async () => {
    const files = await shardsOf(bytes, 4, 2);
    const [other] = await shardsOf(content(4 * 200_000 + 17, 4), 4, 2);
    const text = fileOf(content(100), "notes.txt");
    const short = fileOf((await bytesOf(files[0]!)).subarray(0, -1), "short.0");
    const end = await damaged(files[1]!, files[1]!.size - 6);
    const { bytes: back, inspection } = await decode([other!, text, ...files.slice(2), files[2]!, short, end]);
    expect(toHex(back)).toBe(toHex(bytes));
    expect(inspection.missing).toEqual([0, 1]);
    expect(inspection.refused.map(({ name, why }) => `${name} ${why}`).sort()).toEqual([
      "a.bin.0 other_set", "a.bin.1 damaged_end", "a.bin.2 twice", "notes.txt not_a_shard", "short.0 wrong_length",
    ]);
  });

  it("refuses what was computed from forged shards", async () => {
    const files = await shardsOf(bytes, 4, 2);
    // The parity says of itself that it is whole, but is not what was made from the data.
    const forged = await bytesOf((await shardsOf(content(4 * 200_000 + 17, 9), 4, 2))[4]!);
    const real = await bytesOf(files[4]!);
    forged.set(real.subarray(-28), forged.length - 28);
    const roots = new DataView(forged.buffer);
    const { readEnd, rootOf, setOf } = await import("./plain_shard");
    const { head } = readHeader(real, crc);
    const checksums = new Uint32Array(forged.slice(64 + head.length, -28).buffer);
    roots.setUint32(forged.length - 28 + 16, rootOf(checksums, head.length, crc), true);
    const all = new Uint32Array(forged.slice(-28, -4).buffer);
    roots.setUint32(forged.length - 4, setOf(head, all, crc), true);
    expect(() => readEnd(forged.subarray(64 + head.length), head, 4, crc)).not.toThrow();
    // Its set is another one, so it is left out; three shards are too few.
    await expect(decodeShards([...files.slice(1, 4), fileOf(forged, "a.bin.4")], memorySink(), { module })).rejects.toMatchObject({ code: "too_few" });
  });

  it("goes on with other shards when one cannot be read", async () => {
    const files = await shardsOf(bytes, 4, 2);
    const gone = files[0]!;
    const slice = gone.slice.bind(gone);
    gone.slice = (from = 0, to) => (from >= 64 && from < 64 + 200_000 ? unreadable("NotReadableError") : slice(from, to));
    expect(toHex((await decode(files)).bytes)).toBe(toHex(bytes));
  });
});

describe("encoding", () => {
  it("tells its progress, up to the end", async () => {
    const told: number[] = [];
    const file = fileOf(content(9_000_000), "big");
    await encodeFile(file, layoutOf(4, 2), memorySink(), { module, onProgress: (done, total) => (expect(total).toBe(9_000_000), told.push(done)) });
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(9_000_000);
  });

  it("can be cancelled, and leaves nothing behind", async () => {
    const stop = new AbortController();
    const sink = memorySink();
    const work = encodeFile(fileOf(content(9_000_000), "big"), layoutOf(4, 2), sink, { module, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toMatchObject({ code: "cancelled" });
    expect(sink.files.size).toBe(0);
    expect(new Set(sink.state.values())).toEqual(new Set(["discarded"]));
  });

  it("leaves nothing behind when a write fails, early or late", async () => {
    for (const failAt of [1, 8, 15, 18]) {
      const sink = memorySink({ failAt });
      const work = encodeFile(fileOf(content(300_000), "big"), layoutOf(4, 2), sink, { module });
      await expect(work, `write ${failAt}`).rejects.toMatchObject({ code: "unwritable", values: { why: "QuotaExceededError" } });
      expect(sink.files.size).toBe(0);
    }
  });

  it("tells when the file cannot be read", async () => {
    const file = fileOf(content(1000), "gone");
    file.slice = () => unreadable("NotFoundError");
    const work = encodeFile(file, layoutOf(4, 2), memorySink(), { module });
    await expect(work).rejects.toMatchObject({ code: "unreadable", values: { name: "gone", why: "NotFoundError" } });
  });

  it("refuses files whose block checksums alone would fill the tab", async () => {
    const file = { size: 20 * 2 ** 40, slice: () => expect.unreachable() } as unknown as Blob;
    expect(await codeOf(() => encodeFile(file, layoutOf(4, 2), memorySink(), { module }))).toBe("exhausted");
  });
});
