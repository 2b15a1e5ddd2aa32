import { describe, expect, it } from "vitest";
import { css, huesOf, mix, parseRgb, sizeOf } from "./look";

describe("look", () => {
  it("reads the colours that browsers compute", () => {
    expect(parseRgb("rgb(36, 87, 214)")).toEqual({ r: 36, g: 87, b: 214 });
    expect(css(parseRgb("rgba(1, 2, 3, 0.5)"))).toBe("rgb(1,2,3)");
  });

  it("mixes", () => {
    expect(mix({ r: 100, g: 0, b: 0 }, { r: 0, g: 100, b: 0 }, 0.25)).toEqual({ r: 25, g: 75, b: 0 });
  });

  it("gives the largest topics their own hue", () => {
    const hues = huesOf([{ id: 7, size: 1 }, { id: 8, size: 9 }, { id: 9, size: 5 }], 2);
    expect([hues.get(8), hues.get(9), hues.get(7)]).toEqual([0, 1, 1]);
  });

  it("draws smaller nodes in larger graphs, larger ones with more links, within bounds", () => {
    expect(sizeOf("file", 4, 5000)).toBeLessThan(sizeOf("file", 4, 50));
    expect(sizeOf("tag", 40, 500)).toBeGreaterThan(sizeOf("tag", 4, 500));
    expect(sizeOf("folder", 1e6, 1)).toBeLessThan(22);
  });
});
