import { describe, expect, it } from "vitest";
import { hashOf, parseRoute } from "./route";

describe("route", () => {
  it.each([
    ["drive", "/", {}],
    ["drive", "/研究/a b#?%", { open: "42" }],
    ["search", "/", { q: "tag:量子 type:pdf" }],
    ["admin", "/groups", {}],
  ] as const)("reads back what it wrote: %s %s", (view, path, params) => {
    expect(parseRoute(hashOf(view, path, params))).toEqual({ view, path, params });
  });

  it("falls back to the drive's root for addresses it does not know", () => {
    expect(parseRoute("")).toEqual({ view: "drive", path: "/", params: {} });
    expect(parseRoute("#/nowhere")).toEqual({ view: "drive", path: "/", params: {} });
  });

  it("keeps broken percent signs as they stand", () => {
    expect(parseRoute("#/drive/100%").path).toBe("/100%");
  });
});
