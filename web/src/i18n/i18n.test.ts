import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import { fill, holesOf } from "./message";
import { zh } from "./zh";

const english: Record<string, string> = en;
const chinese: Record<string, string> = zh;

describe("the two languages", () => {
  it("have the same keys", () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  it("have no empty text", () => {
    for (const [key, text] of [...Object.entries(english), ...Object.entries(chinese)]) expect(text.trim(), key).not.toBe("");
  });

  it("fill the same holes", () => {
    for (const key of Object.keys(english)) expect(holesOf(chinese[key]!), key).toEqual(holesOf(english[key]!));
  });

  it("differ where there are words: nothing was left in English", () => {
    const same_on_purpose = new Set(["app.name", "search.syntax.phrase"]);
    for (const key of Object.keys(english)) {
      if (!same_on_purpose.has(key)) expect(chinese[key], key).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it("are both used: no key is dead, none is missing", () => {
    const source = fileURLToPath(new URL("..", import.meta.url));
    const code = filesOf(source).map((file) => readFileSync(file, "utf8")).join("\n");
    const families = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map((found) => found[1]!);
    const dead = Object.keys(english).filter(
      (key) => !code.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)),
    );
    expect(dead).toEqual([]);
  });
});

describe("fill", () => {
  it("puts values in and writes numbers as the language does", () => {
    expect(fill("{name}: {n}", { name: "a", n: 12345 }, "en")).toBe("a: 12,345");
  });

  it("picks the word by number", () => {
    const text = "{n} {n:file|files}";
    expect([0, 1, 2].map((n) => fill(text, { n }, "en"))).toEqual(["0 files", "1 file", "2 files"]);
  });

  it("does not look for holes inside of values", () => {
    expect(fill("{a}{b}", { a: "{b}", b: "x" }, "en")).toBe("{b}x");
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path);
    const is_code = /\.tsx?$/.test(entry.name) && !/\.test\.ts$|^(en|zh)\.ts$/.test(entry.name);
    return is_code ? [path] : [];
  });
}
