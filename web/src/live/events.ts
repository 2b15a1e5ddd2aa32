/** The messages of /ws, as docs/formats/events-ws.md writes them. `event` is the number of the commit. */
import type { AnalysisQueue, Entry, EntryKind, FileTag, Member, Repair, Similar } from "../api/types";

export type LiveEvent =
  | { type: "hello"; event: number; user: string }
  | { type: "file.created"; event: number; entry: Entry; by?: string }
  | { type: "file.changed"; event: number; entry: Entry }
  | { type: "file.tagged"; event: number; id: string; path: string; entry: Entry; file_tags: FileTag[]; similar?: Similar[] }
  | { type: "file.failed"; event: number; id: string; path: string; reason: string }
  | { type: "entry.moved"; event: number; entry: Entry; from: string }
  | { type: "entry.deleted"; event: number; id: string; path: string; kind: EntryKind }
  | { type: "folder.created"; event: number; entry: Entry }
  | { type: "member"; member: Member }
  | { type: "repair"; repair: Repair }
  | { type: "upload"; id: string; path: string; received: number; size: number }
  | { type: "analysis"; analysis: AnalysisQueue }
  | { type: "lagged"; event: number };

const known = new Set<string>([
  "hello", "file.created", "file.changed", "file.tagged", "file.failed", "entry.moved", "entry.deleted",
  "folder.created", "member", "repair", "upload", "analysis", "lagged",
]);

/** One message, or undefined for what a newer server may send and this page does not know. */
export function parseEvent(text: string): LiveEvent | undefined {
  try {
    const parsed = JSON.parse(text) as { type?: unknown };
    return typeof parsed?.type === "string" && known.has(parsed.type) ? (parsed as LiveEvent) : undefined;
  } catch {
    return undefined;
  }
}
