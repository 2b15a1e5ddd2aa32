/** Where the names of topics stand on the drawing: in the middle of their nodes. */
import type { Community } from "../api/types";
import type { Model } from "./model";

export interface TopicPlace {
  id: number;
  /** Its strongest tag; the legend shows all. */
  name: string;
  x: number;
  y: number;
}

/** A name for fewer nodes would cover what it names. */
const nodes_min = 8;

/** Places in the graph's coordinates: the median of the nodes, so that a few far ones do not pull the name away. */
export function topicPlaces(model: Model, communities: readonly Community[], limit: number): TopicPlace[] {
  const members = new Map<number, { x: number[]; y: number[] }>();
  model.forEachNode((_, { community, x, y }) => {
    if (community === undefined) return;
    let found = members.get(community);
    if (!found) members.set(community, (found = { x: [], y: [] }));
    found.x.push(x);
    found.y.push(y);
  });
  return communities
    .filter((one) => one.id !== undefined && one.name && (members.get(one.id)?.x.length ?? 0) >= nodes_min)
    .sort((a, b) => (b.size ?? 0) - (a.size ?? 0))
    .slice(0, limit)
    .map((one) => {
      const { x, y } = members.get(one.id!)!;
      return { id: one.id!, name: one.name!.split(/[,，、·]/, 1)[0]!.trim(), x: median(x), y: median(y) };
    });
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
