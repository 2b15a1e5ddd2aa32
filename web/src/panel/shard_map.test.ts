import { describe, expect, it } from "vitest";
import type { Member, Places, Shard } from "../api/types";
import { shardMap } from "./shard_map";

const shards = (count: number, data: number): Shard[] =>
  Array.from({ length: count }, (_, index) => ({ index, role: index < data ? "data" : "parity", node: `s${index + 1}`, up: true }));
const members = (down: string[] = []): Member[] =>
  Array.from({ length: 6 }, (_, at) => ({
    id: `s${at + 1}`, name: `storage-${at + 1}`, role: "storage", state: down.includes(`s${at + 1}`) ? "down" : "up",
  }));
const places: Places = { stripes: [{ layout: "4+2", margin: 2, shards: shards(6, 4) }, { layout: "2+2", margin: 2, shards: shards(4, 2) }] };

describe("shardMap", () => {
  it("has a column per storage node and a row per stripe", () => {
    const map = shardMap(places, members());
    expect(map.columns.map((column) => column.name)).toEqual(["storage-1", "storage-2", "storage-3", "storage-4", "storage-5", "storage-6"]);
    expect(map.rows[0]!.cells.map((cell) => cell.length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(map.rows[1]!.cells.map((cell) => cell.length)).toEqual([1, 1, 1, 1, 0, 0]);
    expect(map.margin).toBe(2);
  });

  it("counts a node that went down while we look", () => {
    const map = shardMap(places, members(["s1", "s2"]));
    expect(map.columns[0]!.is_up).toBe(false);
    expect(map.rows.map((row) => row.margin)).toEqual([0, 0]);
    expect(shardMap(places, members(["s1", "s2", "s3"])).margin).toBe(-1);
  });

  it("counts a node that does not answer as away, as the cluster does", () => {
    const silent = members().map((one) => (one.id === "s1" ? { ...one, state: "suspect" as const } : one));
    expect(shardMap(places, silent).columns[0]!.is_up).toBe(false);
  });

  it("trusts the answer where the cluster is not known", () => {
    const one_down = { stripes: [{ layout: "1+1", shards: [{ index: 0, node: "x", up: false }, { index: 1, node: "y", up: true }] }] };
    expect(shardMap(one_down as Places, []).rows[0]!.margin).toBe(0);
  });

  it("sets shards without a place aside", () => {
    const lost: Places = { stripes: [{ layout: "2+1", shards: [...shards(2, 2), { index: 2, role: "parity", node: null, up: false }] }] };
    const [row] = shardMap(lost, members()).rows;
    expect(row!.missing.length).toBe(1);
    expect(row!.margin).toBe(0);
  });

  it("lets one copy stand for all", () => {
    const copies: Places = { stripes: [{ layout: "1+2", shards: shards(3, 0).map((shard) => ({ ...shard, role: "copy" })) }] };
    expect(shardMap(copies, members(["s1", "s2"])).margin).toBe(0);
  });
});
