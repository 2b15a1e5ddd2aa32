import { describe, expect, it } from "vitest";
import { quotaBytes, quotaText } from "./quota";

describe("quota", () => {
  it.each([
    ["", 0],
    ["10", 10_000_000_000],
    ["1,5", 1_500_000_000],
    [" 0.001 ", 1_000_000],
    ["-1", undefined],
    ["ten", undefined],
    ["1e9", undefined],
    ["99999999999", undefined],
  ])("%j means %s bytes", (text, bytes) => expect(quotaBytes(text)).toBe(bytes));

  it("reads back what it wrote", () => {
    for (const bytes of [1_500_000_000, 123_456_789_000]) expect(quotaBytes(quotaText(bytes))).toBe(bytes);
    expect(quotaText(0)).toBe("");
  });
});
