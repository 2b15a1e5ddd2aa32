/**
 * How nodes and edges look: colour by community, size by links, faded when the eye should be elsewhere. Pure; colours
 * come in as #rgb text of the theme that holds.
 */
import type { NodeKind } from "../api/types";

export interface Rgb {
  r: number;
  g: number;
  b: number;
}

export interface Palette {
  background: Rgb;
  ink: Rgb;
  ink_soft: Rgb;
  line: Rgb;
  accent: Rgb;
  /** One per topic; the last for all further ones. */
  hues: Rgb[];
}

export const palette_tokens = [
  "--bg", "--ink", "--ink-2", "--line-strong", "--accent",
  ...Array.from({ length: 12 }, (_, at) => `--hue-${at + 1}`), "--hue-rest",
] as const;

/** `colours` as computed styles give them, in the order of palette_tokens. */
export function paletteOf(colours: readonly string[]): Palette {
  const [background, ink, ink_soft, line, accent, ...hues] = colours.map(parseRgb) as [Rgb, Rgb, Rgb, Rgb, Rgb, ...Rgb[]];
  return { background, ink, ink_soft, line, accent, hues };
}

export function parseRgb(text: string): Rgb {
  const [r = 0, g = 0, b = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return { r, g, b };
}

export function css({ r, g, b }: Rgb): string {
  return `rgb(${Math.round(r)},${Math.round(g)},${Math.round(b)})`;
}

/** `part` of `over`, the rest of `under`. */
export function mix(over: Rgb, under: Rgb, part: number): Rgb {
  const blend = (a: number, b: number) => a * part + b * (1 - part);
  return { r: blend(over.r, under.r), g: blend(over.g, under.g), b: blend(over.b, under.b) };
}

/** Which hue each community has: the largest ones their own, all others the last one. */
export function huesOf(communities: readonly { id?: number; size?: number }[], hues: number): Map<number, number> {
  const by_size = [...communities].filter((one) => one.id !== undefined).sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
  return new Map(by_size.map((one, at) => [one.id!, Math.min(at, hues - 1)]));
}

const kind_size: Record<NodeKind, number> = { folder: 5.5, tag: 3, file: 4, user: 6, group: 6 };

/** px at a camera that shows everything; large graphs have smaller nodes. */
export function sizeOf(kind: NodeKind, links: number, order: number): number {
  const scale = Math.max(0.5, Math.min(1.6, 2.3 - 0.5 * Math.log10(Math.max(order, 1))));
  return Math.min(16, (kind_size[kind] + 0.85 * Math.sqrt(links)) * scale);
}

/** What node_program.ts draws: a disc, a square, a ring, a diamond. */
export const shapes: Record<NodeKind, number> = { file: 0, folder: 1, tag: 2, user: 3, group: 3 };
