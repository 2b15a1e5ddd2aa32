import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const source = fileURLToPath(new URL("..", import.meta.url));
const tokens = readFileSync(join(source, "theme/tokens.css"), "utf8");
const colours = coloursOf(tokens);

describe("tokens.css", () => {
  const surfaces = ["bg", "surface", "raised", "sunken", "hover"];
  const pairs: [ink: string, surfaces: string[]][] = [
    ["ink", surfaces],
    ["ink-2", surfaces],
    ["ink-3", surfaces],
    ["accent", surfaces],
    ["ok", [...surfaces, "ok-soft"]],
    ["warn", [...surfaces, "warn-soft"]],
    ["bad", [...surfaces, "bad-soft"]],
    ["accent-ink", ["accent"]],
    ["accent", ["accent-soft"]],
    ["ink", ["accent-soft", "mark", "pressed"]],
  ];

  it.each(pairs)("%s is readable (4.5:1) on its surfaces in both themes", (ink, behind) => {
    for (const surface of behind) {
      for (const theme of ["light", "dark"] as const) {
        const ratio = contrast(colours[ink]![theme], colours[surface]![theme]);
        expect(ratio, `--${ink} on --${surface}, ${theme}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("gives each graph hue 3:1 against the canvas in the dark and 2.4:1 in the light", () => {
    for (const name of Object.keys(colours).filter((key) => key.startsWith("hue-"))) {
      expect(contrast(colours[name]!.dark, colours["bg"]!.dark), name).toBeGreaterThanOrEqual(3);
      expect(contrast(colours[name]!.light, colours["bg"]!.light), name).toBeGreaterThanOrEqual(2.4);
    }
  });
});

describe("style sheets", () => {
  const sheets = filesOf(source, ".css").filter((file) => !file.endsWith("tokens.css"));

  it("name only tokens that exist", () => {
    const defined = new Set([...tokens.matchAll(/(--[\w-]+):/g)].map((found) => found[1]));
    for (const file of sheets) {
      const text = readFileSync(file, "utf8");
      const local = new Set([...text.matchAll(/(--[\w-]+):/g)].map((found) => found[1]));
      for (const [, name] of text.matchAll(/var\((--[\w-]+)/g)) {
        const set_by_script = name!.startsWith("--x-");
        expect(defined.has(name) || local.has(name) || set_by_script, `${name} in ${file}`).toBe(true);
      }
    }
  });

  it("hold no colour of their own", () => {
    for (const file of sheets) {
      const text = readFileSync(file, "utf8").replace(/\/\*[^]*?\*\//g, "");
      expect(text.match(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/gi), file).toBeNull();
    }
  });
});

type Pair = { light: string; dark: string };

function coloursOf(css: string): Record<string, Pair> {
  const found: Record<string, Pair> = {};
  for (const [, name, light, dark] of css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)) {
    found[name!] = { light: light!, dark: dark! };
  }
  return found;
}

/** WCAG 2 contrast of two #rrggbb colours, 1…21. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}
