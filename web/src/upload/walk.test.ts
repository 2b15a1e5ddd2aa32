import { describe, expect, it } from "vitest";
import type { UploadSource } from "./upload";
import { walk } from "./walk";

type Tree = { [name: string]: Tree | number };

/** A dropped folder as the browser shows it: readEntries answers at most 100 names per call. */
function entryOf(name: string, content: Tree | number): FileSystemEntry {
  if (typeof content === "number") {
    const file = { name, size: content } as File;
    return { name, isFile: true, file: (done: (file: File) => void) => done(file) } as unknown as FileSystemEntry;
  }
  const inner = Object.entries(content).map(([key, value]) => entryOf(key, value));
  const createReader = () => {
    let at = 0;
    return { readEntries: (done: (some: FileSystemEntry[]) => void) => done(inner.slice(at, (at += 100))) };
  };
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

async function walked(tree: Tree): Promise<UploadSource[]> {
  const found: UploadSource[] = [];
  const entries = Object.entries(tree).map(([name, content]) => entryOf(name, content));
  for await (const some of walk(entries, "/in")) found.push(...some);
  return found;
}

describe("walk", () => {
  it("keeps the folders, and finds empty ones", async () => {
    const found = await walked({ "a.txt": 3, 资料: { "b.txt": 4, deep: { "c.txt": 5 }, empty: {} } });
    expect(found.map((one) => [one.folder, one.name, one.size, one.read !== undefined])).toEqual([
      ["/in", "a.txt", 3, true],
      ["/in/资料", "b.txt", 4, true],
      ["/in/资料/deep", "c.txt", 5, true],
      ["/in/资料", "empty", 0, false],
    ]);
  });

  it("asks again until a folder of 1,050 names is empty", async () => {
    const big = Object.fromEntries(Array.from({ length: 1050 }, (_, at) => [`${at}.txt`, at]));
    expect((await walked({ big })).length).toBe(1050);
  });
});
