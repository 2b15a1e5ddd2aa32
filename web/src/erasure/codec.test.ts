import { beforeAll, describe, expect, it } from "vitest";
import { Codec } from "./codec";
import type { Layout } from "./layout";
import { layoutOf } from "./layout";
import { bestVariant, canRun, type Variant } from "./module";
import { choices, codeOf, content, cut, goldenLines, matrixOf, moduleBytes, moduleOf, runnable, toHex } from "./testing";

const modules = new Map<Variant, WebAssembly.Module>();
const codecOf = (layout: Layout, variant = bestVariant()) => Codec.load(layout, modules.get(variant));
const encoded = (codec: Codec, data: readonly Uint8Array[]) => {
  const parity = Array.from({ length: codec.layout.m }, () => new Uint8Array(data[0]!.length).fill(0xee));
  codec.encode(data, parity);
  return [...data, ...parity];
};

beforeAll(async () => {
  for (const variant of runnable) modules.set(variant, await moduleOf(variant));
});

describe.each(runnable)("the module %s", (variant) => {
  it("is at most 60 KB and imports nothing", () => {
    expect(moduleBytes(variant)).toBeLessThanOrEqual(60_000);
    expect(WebAssembly.Module.imports(modules.get(variant)!)).toEqual([]);
  });

  it("has memory that does not grow", async () => {
    const { exports } = await WebAssembly.instantiate(modules.get(variant)!);
    expect(() => (exports["memory"] as WebAssembly.Memory).grow(1)).toThrow(RangeError);
  });

  it("gives the parity of the golden vectors", async () => {
    for (const [k, m, matrix, size, ...parity] of goldenLines("golden.txt", "parity")) {
      const codec = await codecOf({ k: Number(k), m: Number(m), w: 8, matrix: matrixOf(Number(matrix)) }, variant);
      const shards = encoded(codec, cut(content(Number(size) * Number(k)), Number(k)));
      expect(shards.slice(Number(k)).map(toHex), `${k}+${m}`).toEqual(parity);
    }
  });

  it("gives the checksums of the golden vectors, at once and in pieces", async () => {
    const codec = await codecOf(layoutOf(4, 2), variant);
    for (const [size, crc] of goldenLines("golden.txt", "crc32c")) {
      const bytes = content(Number(size));
      expect(codec.crc32c(bytes)).toBe(parseInt(crc!, 16));
      const middle = bytes.length >> 1;
      expect(codec.crc32c(bytes.subarray(middle), codec.crc32c(bytes.subarray(0, middle)))).toBe(parseInt(crc!, 16));
    }
  });

  it("gives the checksum that the definition gives, at every length and alignment, whatever was before", async () => {
    const codec = await codecOf(layoutOf(4, 2), variant);
    const bytes = content(1200);
    const byBits = (part: Uint8Array, crc: number) => {
      let state = ~crc;
      for (const byte of part) for (let bit = 0; bit < 8; bit += 1) state = (state >>> 1) ^ (((state ^ (byte >> bit)) & 1) * 0x82f63b78);
      return ~state >>> 0;
    };
    const inside = codec.buffer(bytes.length);
    inside.set(bytes);
    for (let size = 0; size <= 1100; size += size < 400 ? 1 : 37) {
      const [from, start] = [size % 17, (size * 2_654_435_761) >>> 0];
      const expected = byBits(bytes.subarray(from, from + size), start);
      expect(codec.crc32c(inside.subarray(from, from + size), start), `${size} bytes`).toBe(expected);
      expect(codec.crc32c(bytes.subarray(from, from + size), start), `${size} bytes`).toBe(expected);
    }
  });

  it.each([[1, 2], [2, 2], [3, 2], [4, 2], [6, 3]])("gives every shard of %i+%i back from any k others", async (k, m) => {
    const codec = await codecOf(layoutOf(k, m), variant);
    const shards = encoded(codec, cut(content(k * 67), k));
    for (const have of choices(k + m, k)) {
      const want = shards.map((_, index) => index).filter((index) => !have.includes(index));
      const out = want.map(() => new Uint8Array(67));
      const plan = codec.plan(have, want);
      plan.apply(have.map((index) => shards[index]!), out);
      plan.close();
      expect(out.map(toHex), have.join()).toEqual(want.map((index) => toHex(shards[index]!)));
    }
  });
});

describe("the modules", () => {
  it("give the same bytes at every length and alignment, inside and outside of their memory", async () => {
    const layout = layoutOf(5, 3);
    const all = content(5 * 40_000);
    for (const size of [1, 15, 16, 17, 31, 33, 63, 64, 65, 127, 257, 4096, 4099, 16_384, 33_333]) {
      const results = new Set<string>();
      for (const variant of runnable) {
        const codec = await codecOf(layout, variant);
        const data = Array.from({ length: 5 }, (_, at) => all.subarray(at * size + at, at * size + at + size));
        results.add(encoded(codec, data).slice(5).map(toHex).join());
        const inside = Array.from({ length: 8 }, (_, at) => codec.buffer(size + 8).subarray(at, at + size));
        data.forEach((one, at) => inside[at]!.set(one));
        codec.encode(inside.slice(0, 5), inside.slice(5));
        results.add(inside.slice(5).map(toHex).join());
        const mixed = [...inside.slice(0, 2), ...data.slice(2), ...inside.slice(5)];
        codec.encode(mixed.slice(0, 5), mixed.slice(5));
        results.add(mixed.slice(5).map(toHex).join());
      }
      expect(results.size, `${size} bytes`).toBe(1);
    }
  });

  it("are chosen by what the machine can run", () => {
    expect(runnable.slice(0, 2)).toEqual(["scalar", "simd128"]); // Node has had SIMD since 16.
    expect(canRun("scalar")).toBe(true);
    expect(bestVariant()).toBe(runnable.at(-1));
  });
});

describe("Codec", () => {
  it("writes nothing outside of the given arrays", async () => {
    const codec = await codecOf(layoutOf(3, 2));
    const around = new Uint8Array(5 * 120).fill(0xaa);
    const spans = Array.from({ length: 5 }, (_, at) => around.subarray(at * 120 + 7, at * 120 + 7 + 101));
    codec.encode(spans.slice(0, 3), spans.slice(3));
    for (let at = 0; at < around.length; at += 1) {
      if (at < 3 * 120 || at % 120 < 7 || at % 120 >= 108) expect(around[at]).toBe(0xaa);
    }
  });

  it("counts shorter data as if filled with zeros, and computes only as much as is wanted", async () => {
    const codec = await codecOf(layoutOf(3, 2));
    const [a, b, c] = [content(50_000, 1), content(20_000, 2), content(0)];
    const padded = (bytes: Uint8Array) => Uint8Array.from({ length: 50_000 }, (_, at) => bytes[at] ?? 0);
    const short = encoded(codec, [a, b, c]);
    expect(short.slice(3).map(toHex)).toEqual(encoded(codec, [a, padded(b), padded(c)]).slice(3).map(toHex));
    const out = new Uint8Array(20_000);
    codec.plan([0, 2, 3], [1]).apply([short[0]!, c, short[3]!], [out]);
    expect(toHex(out)).toBe(toHex(b));
  });

  it("names the shards that lie, up to half as many as there are parities", async () => {
    const codec = await codecOf(layoutOf(4, 4));
    const shards = encoded(codec, cut(content(4 * 30_000), 4)).map((one) => one.slice());
    expect(codec.examine(shards)).toEqual({ fits: true, liars: [] });
    shards[2]![29_999]! ^= 1;
    expect(codec.examine(shards)).toEqual({ fits: false, liars: [2] });
    shards[7]![0]! ^= 1;
    expect(codec.examine(shards)).toEqual({ fits: false, liars: [2, 7] });
    shards[5]![20_000]! ^= 1;
    expect(codec.examine(shards)).toEqual({ fits: false, liars: [] });
  });

  it("sees any changed byte, even when it cannot tell who lies", async () => {
    const codec = await codecOf(layoutOf(4, 1));
    const shards = encoded(codec, cut(content(4 * 30_000), 4)).map((one) => one.slice());
    for (const [index, at] of [[0, 0], [3, 29_999], [4, 16_384]] as const) {
      shards[index]![at]! ^= 1;
      expect(codec.examine(shards)).toEqual({ fits: false, liars: [] });
      shards[index]![at]! ^= 1;
    }
    expect(codec.examine([...shards.slice(0, 4), shards[4]!.subarray(1)])).toEqual({ fits: false, liars: [] });
  });

  it("gives checksums with the parity of a block", async () => {
    for (const variant of runnable) {
      const codec = await codecOf(layoutOf(3, 2), variant);
      for (const size of [0, 1, 15, 4097, 65_536]) {
        const blocks = Array.from({ length: 5 }, () => codec.buffer(size));
        blocks.slice(0, 3).forEach((one, at) => one.set(content(size, at)));
        const checksums = codec.encodeBlock(blocks.slice(0, 3), blocks.slice(3));
        expect([...checksums]).toEqual(blocks.map((one) => codec.crc32c(one)));
        expect(codec.examine(blocks).fits).toBe(true);
      }
      expect(await codeOf(() => codec.encodeBlock([content(9), content(9), content(9)], [content(9), content(9)]))).toBe("arguments");
    }
  });

  it("codes over GF(2^16) too, with even lengths alone", async () => {
    const layout: Layout = { k: 300, m: 20, w: 16, matrix: "cauchy" };
    const results = new Set<string>();
    for (const variant of runnable) {
      const codec = await codecOf(layout, variant);
      const shards = encoded(codec, cut(content(300 * 98), 300));
      results.add(shards.slice(300).map(toHex).join());
      const have = Array.from({ length: 300 }, (_, at) => at + 20);
      const out = Array.from({ length: 20 }, () => new Uint8Array(98));
      codec.plan(have, out.map((_, at) => at)).apply(have.map((index) => shards[index]!), out);
      expect(out.map(toHex)).toEqual(shards.slice(0, 20).map(toHex));
      expect(await codeOf(() => encoded(codec, cut(content(300 * 3), 300)))).toBe("arguments");
    }
    expect(results.size).toBe(1);
  });

  it("does nothing with empty shards", async () => {
    const codec = await codecOf(layoutOf(4, 2));
    expect(encoded(codec, cut(content(0), 4)).map((one) => one.length)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(codec.crc32c(new Uint8Array())).toBe(0);
  });

  it("refuses layouts that it cannot do", async () => {
    for (const layout of [layoutOf(0, 1), layoutOf(200, 57), { ...layoutOf(4, 2), w: 9 as 8 }, { ...layoutOf(300, 101), w: 16 as const }, layoutOf(1.5, 1), layoutOf(2, -1), layoutOf(NaN, 2), { ...layoutOf(4, 2), matrix: "replica" as const }]) {
      expect(await codeOf(() => codecOf(layout)), JSON.stringify(layout)).toBe("layout");
    }
  });

  it("refuses shards that do not fit, before any is touched", async () => {
    const codec = await codecOf(layoutOf(2, 1));
    const [a, b, short] = [content(10), content(10), content(9)];
    expect(await codeOf(() => codec.encode([a], [b]))).toBe("arguments");
    expect(await codeOf(() => codec.encode([a, b], [a, b]))).toBe("arguments");
    expect(await codeOf(() => codec.encode([a, b], [short]))).toBe("arguments");
    expect(await codeOf(() => codec.encode([short, b], [short]))).toBe("arguments");
    expect(await codeOf(() => codec.examine([a, b]))).toBe("arguments");
    const plan = codec.plan([0, 2], [1]);
    expect(await codeOf(() => plan.apply([a], [b]))).toBe("arguments");
    expect(await codeOf(() => plan.apply([a, b], []))).toBe("arguments");
    expect(await codeOf(() => plan.apply([short, short], [a]))).toBe("arguments");
  });

  it("refuses plans of too few, unknown or repeated shards", async () => {
    const codec = await codecOf(layoutOf(3, 2));
    for (const [have, want] of [[[0, 1], [2]], [[0, 1, 5], [2]], [[0, 1, 1], [2]], [[0, 1, 2], [2]], [[0, 1, -1], [2]], [[0, 1, 2], [3.5]]] as const) {
      expect(await codeOf(() => codec.plan(have, want)), JSON.stringify(have)).toBe("arguments");
    }
  });

  it("refuses a plan that was closed, also when its number has gone to another", async () => {
    const codec = await codecOf(layoutOf(4, 2));
    const shards = encoded(codec, cut(content(400), 4));
    const closed = codec.plan([1, 2, 3, 4], [0]);
    closed.close();
    const other = codec.plan([0, 2, 3, 4], [1]);
    closed.close();
    const out = new Uint8Array(100);
    expect(await codeOf(() => closed.apply(shards.slice(1, 5), [out]))).toBe("arguments");
    other.apply([shards[0]!, shards[2]!, shards[3]!, shards[4]!], [out]);
    expect(toHex(out)).toBe(toHex(shards[1]!));
  });

  it("examines as many parities as it has", async () => {
    const codec = await codecOf({ k: 100, m: 300, w: 16, matrix: "cauchy" });
    const shards = encoded(codec, cut(content(100 * 6), 100));
    expect(codec.examine(shards)).toEqual({ fits: true, liars: [] });
    shards[7]![3]! ^= 1;
    shards[390]![2]! ^= 1;
    expect(codec.examine(shards)).toEqual({ fits: false, liars: [7, 390] });
  });

  it("holds 64 plans, and a closed one makes room", async () => {
    const codec = await codecOf(layoutOf(3, 2));
    const plans = Array.from({ length: 64 }, () => codec.plan([0, 1, 2], [3]));
    expect(await codeOf(() => codec.plan([0, 1, 2], [3]))).toBe("exhausted");
    plans[5]!.close();
    expect(await codeOf(() => codec.plan([0, 1, 2], [3]))).toBeUndefined();
  });

  it("holds 64 plans of the widest layout", async () => {
    const codec = await codecOf({ k: 200, m: 200, w: 16, matrix: "cauchy" });
    const [have, want] = [0, 200].map((from) => Array.from({ length: 200 }, (_, at) => from + at));
    for (let count = 0; count < 64; count += 1) codec.plan(have!, want!);
    expect(await codeOf(() => codec.plan(have!, want!))).toBe("exhausted");
  });

  it("makes and closes plans for ever", async () => {
    const codec = await codecOf(layoutOf(100, 30));
    const have = Array.from({ length: 100 }, (_, at) => at + 30);
    for (let round = 0; round < 2000; round += 1) codec.plan(have, [round % 30]).close();
  });

  it("codes the widest layout of GF(2^8)", async () => {
    const codec = await codecOf(layoutOf(200, 56));
    const shards = encoded(codec, cut(content(200 * 300), 200));
    const have = Array.from({ length: 200 }, (_, at) => at + 56);
    const out = Array.from({ length: 56 }, () => new Uint8Array(300));
    codec.plan(have, out.map((_, at) => at)).apply(have.map((index) => shards[index]!), out);
    expect(out.map(toHex)).toEqual(shards.slice(0, 56).map(toHex));
  });

  it("says when its memory is used up", async () => {
    const codec = await codecOf(layoutOf(4, 2));
    expect(await codeOf(() => codec.buffer(64 << 20))).toBe("exhausted");
    while ((await codeOf(() => codec.buffer(1 << 20))) === undefined);
    while ((await codeOf(() => codec.buffer(64))) === undefined);
    expect(await codeOf(() => codec.encode(cut(content(40), 4), [new Uint8Array(10), new Uint8Array(10)]))).toBe("exhausted");
    expect(await codeOf(() => codec.crc32c(content(200)))).toBe("exhausted");
  });
});
