import { describe, expect, it } from "vitest";
import { ancestry, compareBytes, faultOf, isWithin, join, nameOf, numbered, parentOf } from "./path";

describe("path", () => {
  it.each([
    ["/a/b", "/a", "b"],
    ["/a", "/", "a"],
    ["/", "/", ""],
  ])("%s lies in %s as %s", (path, parent, name) => {
    expect(parentOf(path)).toBe(parent);
    expect(nameOf(path)).toBe(name);
  });

  it("joins below the root and below a folder", () => {
    expect(join("/", "a")).toBe("/a");
    expect(join("/a", "b")).toBe("/a/b");
  });

  it("knows inside from beside", () => {
    expect(isWithin("/a/b", "/a")).toBe(true);
    expect(isWithin("/ab", "/a")).toBe(false);
    expect(isWithin("/a", "/a")).toBe(true);
    expect(isWithin("/x", "/")).toBe(true);
  });

  it("lists the folders on the way down", () => {
    expect(ancestry("/a/b")).toEqual(["/", "/a", "/a/b"]);
    expect(ancestry("/")).toEqual(["/"]);
  });

  it("numbers a name before its ending", () => {
    expect(numbered("a.tar.gz", 2)).toBe("a.tar (2).gz");
    expect(numbered(".profile", 3)).toBe(".profile (3)");
    expect(numbered("笔记", 2)).toBe("笔记 (2)");
  });
});

describe("faultOf", () => {
  it.each([
    ["", "empty"],
    ["a/b", "slash"],
    ["..", "dots"],
    ["a\u0000b", "control"],
    ["a".repeat(256), "long"],
    ["云".repeat(86), "long"],
  ])("%j is refused: %s", (name, fault) => expect(faultOf(name)).toBe(fault));

  it.each(["a", "...", " ", "云".repeat(85), "a".repeat(255), "😀.txt", "-rf"])("%j is a name", (name) =>
    expect(faultOf(name)).toBeUndefined(),
  );
});

describe("compareBytes", () => {
  it("sorts as the UTF-8 bytes do, for all planes", () => {
    const names = ["", "a", "aa", "b", "Z", "é", "中", "\uff41", "\ue000x", "😀", "😀a", "𠀀"];
    const by_bytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...names].sort(compareBytes)).toEqual(by_bytes);
  });
});
