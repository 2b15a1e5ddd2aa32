/**
 * The order of a folder's entries on the screen. A folder that was read to its end is sorted here, folders first and
 * names as people expect them ("a2" before "a10"); before that it keeps the server's order.
 */
import type { Entry } from "../api/types";

export type SortBy = "name" | "size" | "modified";

export interface Sort {
  by: SortBy;
  descending: boolean;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function sorted(entries: readonly Entry[], { by, descending }: Sort): readonly Entry[] {
  const sign = descending ? -1 : 1;
  const compare: Record<SortBy, (a: Entry, b: Entry) => number> = {
    name: (a, b) => collator.compare(a.name, b.name),
    size: (a, b) => (a.size ?? a.children ?? 0) - (b.size ?? b.children ?? 0),
    modified: (a, b) => (a.modified ?? "").localeCompare(b.modified ?? ""),
  };
  return [...entries].sort((a, b) => {
    if (a.kind !== b.kind) return a.kind === "folder" ? -1 : 1;
    return sign * compare[by](a, b) || collator.compare(a.name, b.name);
  });
}
