/** Tags in the order in which they say most: what a file is about before what it is made of. Pure. */
import type { FileTag, Tag } from "../api/types";

/** Kinds that nearly every file has: they tell little beside the others. */
const plain_kinds = new Set(["format", "language"]);

export function isPlain(kind: string | undefined): boolean {
  return kind !== undefined && plain_kinds.has(kind);
}

/** Telling kinds first, then the surer ones. */
export function inTellingOrder(tags: readonly FileTag[]): FileTag[] {
  return [...tags].sort((a, b) => Number(isPlain(a.kind)) - Number(isPlain(b.kind)) || (b.score ?? 1) - (a.score ?? 1));
}

/** Names alone, with those of plain tags (as `tags` knows them) moved to the end. */
export function tellingFirst(names: readonly string[], plain: ReadonlySet<string>): string[] {
  return [...names].sort((a, b) => Number(plain.has(a)) - Number(plain.has(b)));
}

export function plainNames(tags: readonly Tag[]): ReadonlySet<string> {
  return new Set(tags.filter((tag) => isPlain(tag.kind) && tag.name !== undefined).map((tag) => tag.name!));
}
