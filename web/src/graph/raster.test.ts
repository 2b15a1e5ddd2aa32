import { describe, expect, it } from "vitest";
import { clipped, packed, Raster, stampOf } from "./raster";

const ink = packed(10, 20, 30);
/** Which pixels are set, as "x,y". */
const drawn = (raster: Raster) =>
  [...raster.pixels].flatMap((pixel, at) => (pixel === 0 ? [] : [`${at % raster.width},${Math.floor(at / raster.width)}`]));

describe("lines", () => {
  it("go from end to end, both included, in all eight directions", () => {
    for (const [x, y] of [[7, 4], [4, 7], [-7, 4], [-4, 7], [7, -4], [4, -7], [-7, -4], [-4, -7]] as const) {
      const raster = new Raster(21, 21);
      raster.line(10, 10, 10 + x, 10 + y, ink);
      const pixels = drawn(raster);
      expect(pixels).toContain("10,10");
      expect(pixels).toContain(`${10 + x},${10 + y}`);
      expect(pixels.length).toBe(Math.max(Math.abs(x), Math.abs(y)) + 1);
    }
  });

  it("are one pixel when both ends are the same", () => {
    const raster = new Raster(5, 5);
    raster.line(2, 2, 2, 2, ink);
    expect(drawn(raster)).toEqual(["2,2"]);
  });

  it("stay beside the straight line and never run over into the next row, wherever their ends are", () => {
    let seed = 7;
    const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647) * 200 - 80;
    for (let round = 0; round < 1500; round += 1) {
      const [a, b, c, d] = [random(), random(), random(), random()];
      const length = Math.hypot(c - a, d - b);
      for (const draw of ["line", "smoothLine"] as const) {
        const raster = new Raster(31, 17);
        raster[draw](a, b, c, d, ink);
        raster.pixels.forEach((pixel, at) => {
          const [x, y] = [at % 31, Math.floor(at / 31)];
          const away = Math.abs((c - a) * (b - y) - (a - x) * (d - b)) / length;
          if (pixel !== 0 && away > 2) expect.fail(`${x},${y} is ${away} px from ${[a, b, c, d].join()}`);
        });
      }
    }
  });

  it("share their colour between two pixels when smoothed", () => {
    const raster = new Raster(9, 9);
    raster.clear(packed(0, 0, 0));
    raster.smoothLine(1, 2.5, 6, 2.5, packed(200, 0, 0));
    expect(raster.pixels[2 * 9 + 3]! & 255).toBeCloseTo(100, -1);
    expect(raster.pixels[3 * 9 + 3]! & 255).toBeCloseTo(100, -1);
  });
});

describe("clipped", () => {
  it("keeps what is inside as it is", () => expect(clipped(1, 2, 3, 4, 9, 9)).toEqual([1, 2, 3, 4]));

  it("cuts at the edges", () => expect(clipped(-5, 5, 15, 5, 9, 9)).toEqual([0, 5, 9, 5]));

  it.each([[-5, -1, 15, -1], [20, 0, 30, 9], [-2, 1, 2, -9], [NaN, 1, 2, 3]])("drops what is outside: %d %d %d %d", (...line) =>
    expect(clipped(...(line as [number, number, number, number]), 9, 9)).toBeUndefined(),
  );
});

describe("stamps", () => {
  const disc = stampOf(4, (x, y) => Math.hypot(x, y) - 4);

  it("cover their shape, with a soft edge", () => {
    expect(disc.side).toBe(10);
    expect(disc.cover[5 * 10 + 5]).toBe(255);
    expect(disc.cover[0]).toBe(0);
    const area = disc.cover.reduce((sum, part) => sum + part, 0) / 255;
    expect(area).toBeCloseTo(Math.PI * 16, -0.5);
  });

  it("are cut off at the picture's edge, on every side", () => {
    const raster = new Raster(6, 6);
    for (const [x, y] of [[0, 3], [6, 3], [3, 0], [3, 6], [-50, 3], [3, 90]] as const) raster.stamp(disc, x, y, ink);
    expect(drawn(raster).length).toBeGreaterThan(0);
    expect(raster.pixels.length).toBe(36);
  });

  it("may be pictures with colours of their own", () => {
    const raster = new Raster(3, 3);
    raster.clear(packed(0, 0, 0));
    raster.paste({ width: 2, height: 2, pixels: Uint32Array.of(ink, 0, (128 << 24) | 200, ink) }, 2, 1);
    expect(raster.pixels[5]).toBe(ink);
    expect(raster.pixels[8]! & 255).toBe(100);
    raster.paste({ width: 2, height: 2, pixels: Uint32Array.of(ink, ink, ink, ink) }, -1, -1);
    expect([raster.pixels[0], raster.pixels[1]]).toEqual([ink, packed(0, 0, 0)]);
  });

  it("blend with what is below", () => {
    const raster = new Raster(3, 3);
    raster.clear(packed(0, 0, 0));
    raster.stamp({ side: 1, cover: Uint8Array.of(128) }, 1.5, 1.5, packed(200, 100, 0));
    expect([raster.pixels[4]! & 255, (raster.pixels[4]! >> 8) & 255]).toEqual([100, 50]);
  });
});
