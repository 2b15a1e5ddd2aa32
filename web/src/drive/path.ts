/** Drive paths: "/" is the root, "/a/b" an entry; no trailing slash, no empty names. */

export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function join(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** The folders from the root down to `path`, both included. */
export function ancestry(path: string): string[] {
  const names = path.split("/").filter(Boolean);
  return ["/", ...names.map((_, at) => `/${names.slice(0, at + 1).join("/")}`)];
}

export type NameFault = "empty" | "slash" | "dots" | "long" | "control";

const name_bytes_max = 255;

/** Why the server would refuse a name, or undefined: any UTF-8 of 1 to 255 bytes without "/" and NUL. */
export function faultOf(name: string): NameFault | undefined {
  if (name === "") return "empty";
  if (name.includes("/")) return "slash";
  if (name === "." || name === "..") return "dots";
  if (/[\u0000-\u001f\u007f]/.test(name)) return "control";
  return new TextEncoder().encode(name).length > name_bytes_max ? "long" : undefined;
}

/** Where the ending begins: "a.tar" → 1, ".profile" → 8 (none). */
export function stemLength(name: string): number {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? name.length : dot;
}

/** "report.pdf", 2 → "report (2).pdf". */
export function numbered(name: string, number: number): string {
  const stem = stemLength(name);
  return `${name.slice(0, stem)} (${number})${name.slice(stem)}`;
}

/** Order of the names' UTF-8 bytes, which is the server's order: <0, 0, >0. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    // Surrogates stand for code points above all others, though their own numbers are lower than U+E000.
    const [high_x, high_y] = [isSurrogate(x), isSurrogate(y)];
    return high_x === high_y ? x - y : high_x ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
