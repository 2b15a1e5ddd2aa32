import { describe, expect, it } from "vitest";
import { among, everything, no_selection, only, rangeTo, stepped, toggled } from "./selection";
import { sorted } from "./sort";
import type { Entry } from "../api/types";

const all = [..."abcdef"].map((id) => ({ id }));
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort().join("");

describe("selection", () => {
  it("adds and takes away single rows", () => {
    expect(ids(toggled(toggled(only("b"), "d"), "b"))).toBe("d");
  });

  it("selects ranges from the anchor, both ways, again and again", () => {
    const from_c = only("c");
    const down = rangeTo(from_c, "e", all);
    expect(ids(down)).toBe("cde");
    expect(ids(rangeTo(down, "a", all))).toBe("abc");
  });

  it("moves by arrows and stops at the ends", () => {
    expect(ids(stepped(no_selection, 1, false, all))).toBe("a");
    expect(ids(stepped(no_selection, -1, false, all))).toBe("f");
    expect(ids(stepped(only("f"), 1, false, all))).toBe("f");
    expect(ids(stepped(only("b"), 3, true, all))).toBe("bcde");
    expect(stepped(only("b"), 1, false, [])).toBe(no_selection);
  });

  it("leaves out what is no longer there", () => {
    expect(among(everything(all, no_selection), all.slice(2)).length).toBe(4);
    expect(among(only("z"), all)).toEqual([]);
  });
});

describe("sorted", () => {
  const entry = (name: string, kind: "file" | "folder", size = 0): Entry => ({ id: name, kind, name, path: `/${name}`, size });
  const entries = [entry("a10.txt", "file", 3), entry("a2.txt", "file", 9), entry("zoo", "folder"), entry("B.txt", "file", 5)];
  const names = (sort: Parameters<typeof sorted>[1]) => sorted(entries, sort).map((one) => one.name);

  it("puts folders first and numbers in their order", () => {
    expect(names({ by: "name", descending: false })).toEqual(["zoo", "a2.txt", "a10.txt", "B.txt"]);
    expect(names({ by: "name", descending: true })).toEqual(["zoo", "B.txt", "a10.txt", "a2.txt"]);
  });

  it("sorts by size", () => {
    expect(names({ by: "size", descending: true })).toEqual(["zoo", "a2.txt", "B.txt", "a10.txt"]);
  });
});
