import { describe, expect, it } from "vitest";
import type { Entry } from "../api/types";
import { addPage, dropEntry, emptyListing, putEntry } from "./listing";

const folder: Entry = { id: "1", kind: "folder", name: "f", path: "/f" };
const entry = (name: string, id = name): Entry => ({ id, kind: "file", name, path: `/f/${name}` });
const names = (state: { entries: readonly Entry[] }) => state.entries.map((one) => one.name).join("");
const page = (text: string, next: string | null, total?: number) => ({
  folder, entries: [...text].map((name) => entry(name)), next, ...(total === undefined ? {} : { total }),
});

describe("a listing", () => {
  const whole = addPage(emptyListing("/f"), page("bdf", null), undefined);
  const partly = addPage(emptyListing("/f"), page("bdf", "f", 9), undefined);

  it("grows page by page", () => {
    const both = addPage(partly, page("hj", null), "f");
    expect(names(both)).toBe("bdfhj");
    expect(both.total).toBe(5);
    expect(both.next).toBeNull();
  });

  it("puts a new entry where its name belongs", () => {
    expect(names(putEntry(whole, entry("c")))).toBe("bcdf");
    expect(names(putEntry(whole, entry("z")))).toBe("bdfz");
    expect(names(putEntry(whole, entry("a")))).toBe("abdf");
    expect(putEntry(whole, entry("c")).total).toBe(4);
  });

  it("replaces what has the same name, and counts it once", () => {
    const state = putEntry(whole, { ...entry("d"), size: 7 });
    expect(names(state)).toBe("bdf");
    expect(state.entries[1]!.size).toBe(7);
    expect(state.total).toBe(3);
  });

  it("only counts a new entry that lies behind the pages read", () => {
    const state = putEntry(partly, entry("x"));
    expect(names(state)).toBe("bdf");
    expect(state.total).toBe(10);
    expect(names(addPage(state, page("hx", null), "f"))).toBe("bdfhx");
  });

  it("does not show a live entry twice when its page comes", () => {
    const state = putEntry(partly, entry("c"));
    expect(names(addPage(state, page("gh", null), "f"))).toBe("bcdfgh");
  });

  it("drops an entry once, and not its successor of the same name", () => {
    const state = dropEntry(whole, "d");
    expect(names(state)).toBe("bf");
    expect(dropEntry(state, "d")).toBe(state);
    expect(dropEntry(whole, "d", "another")).toBe(whole);
  });

  it("counts the end of an unread entry", () => {
    expect(dropEntry(partly, "x").total).toBe(8);
  });

  it("takes nothing in before its first page", () => {
    expect(putEntry(emptyListing("/f"), entry("a")).entries).toEqual([]);
  });
});
