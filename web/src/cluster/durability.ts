/**
 * How safe the bytes are now, from what the cluster says of its stripes. A stripe's margin is how many more of its
 * shards may go before its bytes are lost; below 0 it cannot be read now. Pure.
 */
import type { Cluster, Member, Repair } from "../api/types";

export interface Level {
  margin: number;
  stripes: number;
  /** Share of all stripes, 0 … 1. */
  share: number;
  kind: "ok" | "warn" | "bad";
}

export interface Durability {
  levels: Level[];
  /** The smallest margin of any stripe; undefined when nothing is stored. */
  margin: number | undefined;
  total: number;
}

export function durabilityOf(cluster: Cluster): Durability {
  const counts = Object.entries(cluster.stripes_by_margin ?? {})
    .map(([margin, stripes]) => ({ margin: Number(margin), stripes }))
    .filter(({ margin, stripes }) => Number.isFinite(margin) && stripes > 0)
    .sort((a, b) => b.margin - a.margin);
  const total = counts.reduce((sum, { stripes }) => sum + stripes, 0);
  const levels = counts.map(({ margin, stripes }): Level => ({ margin, stripes, share: stripes / total, kind: kindOf(margin) }));
  return { levels, margin: levels.at(-1)?.margin, total };
}

function kindOf(margin: number): Level["kind"] {
  if (margin >= 2) return "ok";
  return margin >= 0 ? "warn" : "bad";
}

export interface RepairProgress {
  is_running: boolean;
  /** 0 … 1; of this round when the server counts one. */
  done: number;
  left: number;
  /** Files that were written with fewer shards while nodes were away, to be coded again. */
  contents: number;
}

export function progressOf(repair: Repair | undefined): RepairProgress {
  const left = repair?.queued_stripes ?? 0;
  const round_total = repair?.round_total ?? 0;
  const contents = repair?.queued_contents ?? 0;
  const is_running = left + contents > 0 || (round_total > 0 && (repair?.round_done ?? 0) < round_total);
  if (!is_running) return { is_running, done: 1, left: 0, contents: 0 };
  return { is_running, done: round_total > 0 ? Math.min(1, (repair?.round_done ?? 0) / round_total) : 0, left, contents };
}

const order: Record<string, number> = { index: 0, storage: 1, worker: 2 };

/** Index servers, then storage nodes, then workers; each by the number in its name. */
export function inOrder(members: readonly Member[]): Member[] {
  return [...members].sort(
    (a, b) =>
      (order[a.role ?? ""] ?? 9) - (order[b.role ?? ""] ?? 9) ||
      (a.name ?? a.id ?? "").localeCompare(b.name ?? b.id ?? "", undefined, { numeric: true }),
  );
}
