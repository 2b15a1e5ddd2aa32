/** What can go wrong with shards, in words that a caller acts upon; texts for people are made by the page. */
const messages = {
  /** k, m or the matrix is nothing that the codec can do. */
  layout: "there is no layout {k}+{m} with w = {w} here",
  /** The caller's spans do not fit each other or the layout. */
  arguments: "{what}",
  /** A buffer, plan or table would not fit its fixed limit. */
  exhausted: "{what}",
  /** Fewer than k shards are usable. */
  too_few: "{have} of {k} shards needed; missing: {missing}",
  /** At one place of the file fewer than k blocks are whole. */
  too_damaged: "at byte {at} fewer than {k} blocks are whole",
  /** The shards at hand belong to different files or layouts. */
  mixed: "shards of {count} different sets",
  /** What was decoded is not what was encoded. */
  corrupt: "shard {index} does not have the root that the set names",
  /** The file changed or went away while it was read. */
  unreadable: "{name} cannot be read: {why}",
  /** The place where bytes are written refused. */
  unwritable: "{name} cannot be written: {why}",
  /** There is already a file of this name. */
  taken: "{name} is there already",
  cancelled: "cancelled",
  /** A bug, or a browser that lacks something. */
  unexpected: "{why}",
} as const;

export type ErasureCode = keyof typeof messages;
export type ErasureValues = Record<string, string | number>;

export class ErasureError extends Error {
  constructor(
    readonly code: ErasureCode,
    readonly values: ErasureValues = {},
  ) {
    super(messages[code].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "?")));
    this.name = "ErasureError";
  }
}
