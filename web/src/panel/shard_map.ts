/**
 * A file's shards as a table: stripes down, storage nodes across. Pure. A storage node is up when the live cluster
 * says so; where it does not know the node, when the answer said so.
 */
import type { Member, Places, Shard, Stripe } from "../api/types";

export interface Column {
  id: string;
  name: string;
  is_up: boolean;
}

export interface Row {
  layout: string;
  /** Shards by column; several shards of one stripe on one node stand together. */
  cells: Shard[][];
  /** Shards that lie nowhere now. */
  missing: Shard[];
  /** How many more may go before bytes are lost; below 0: unreadable now. */
  margin: number;
}

export interface ShardMap {
  columns: Column[];
  rows: Row[];
  margin: number;
}

export function shardMap(places: Places, members: readonly Member[]): ShardMap {
  const stripes = places.stripes ?? [];
  const of_node = new Map<string, boolean>();
  for (const stripe of stripes) {
    for (const shard of stripe.shards ?? []) if (shard.node) of_node.set(shard.node, shard.up ?? true);
  }
  const storage = members.filter((member) => member.role === "storage");
  const columns = [...of_node.keys()].map((id): Column => {
    const member = storage.find((one) => one.id === id || one.name === id);
    return { id, name: member?.name ?? id, is_up: member?.state ? isUp(member) : (of_node.get(id) ?? true) };
  });
  columns.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const rows = stripes.map((stripe) => rowOf(stripe, columns));
  const margin = rows.length === 0 ? 0 : Math.min(...rows.map((row) => row.margin));
  return { columns, rows, margin };
}

/** As the cluster counts margins: who does not answer is away, from the first moment. */
export function isUp(member: Member): boolean {
  return member.state === "up" || member.state === "draining";
}

function rowOf(stripe: Stripe, columns: readonly Column[]): Row {
  const shards = stripe.shards ?? [];
  const cells = columns.map((column) => shards.filter((shard) => shard.node === column.id));
  const missing = shards.filter((shard) => !shard.node);
  const up = columns.reduce((sum, column, at) => sum + (column.is_up ? cells[at]!.length : 0), 0);
  const needed = neededOf(stripe);
  return { layout: stripe.layout ?? "", cells, missing, margin: needed === undefined ? (stripe.margin ?? 0) : up - needed };
}

/** k of "k+m": how many shards give the content back. Copies give it back alone. */
function neededOf(stripe: Stripe): number | undefined {
  if (stripe.shards?.some((shard) => shard.role === "copy")) return 1;
  const found = /^(\d+)\+\d+$/.exec(stripe.layout ?? "");
  return found ? Number(found[1]) : undefined;
}
