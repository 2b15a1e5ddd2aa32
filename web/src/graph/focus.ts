/**
 * What the eye is led to: hidden kinds, a topic, matches of a search, the node under the pointer and the selected one
 * with their neighbours. Pure: from this follows for every node whether it is hidden, faded, or named.
 */
import type { NodeKind } from "../api/types";
import type { Model, NodeAttributes } from "./model";

export interface Focus {
  hidden: ReadonlySet<NodeKind>;
  topic: number | undefined;
  /** Ids that a search found; undefined while nothing is searched. */
  found: ReadonlySet<string> | undefined;
  hovered: string | undefined;
  selected: string | undefined;
  /** A folder that a dragged node would fall into. */
  target: string | undefined;
}

export const no_focus: Focus = {
  hidden: new Set(), topic: undefined, found: undefined, hovered: undefined, selected: undefined, target: undefined,
};

export interface Stance {
  is_hidden: boolean;
  is_faded: boolean;
  is_strong: boolean;
}

/** Computed once per change of focus, then asked for each node. */
export function stances(model: Model, focus: Focus): (id: string, node: NodeAttributes) => Stance {
  const centre = focus.hovered ?? focus.selected;
  const near = centre !== undefined && model.hasNode(centre) ? new Set([centre, ...model.neighbors(centre)]) : undefined;
  return (id, node) => {
    const is_strong = id === focus.selected || id === focus.hovered || id === focus.target || (focus.found?.has(id) ?? false);
    const is_out =
      (near !== undefined && !near.has(id)) ||
      (focus.topic !== undefined && node.community !== focus.topic) ||
      (focus.found !== undefined && !focus.found.has(id) && near === undefined);
    return { is_hidden: focus.hidden.has(node.kind), is_faded: is_out && !is_strong, is_strong };
  };
}

/** Nodes whose name holds all words of `text`, best first; at most `limit`. */
export function findNodes(model: Model, text: string, limit: number): string[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: { id: string; rank: number }[] = [];
  model.forEachNode((id, { name }) => {
    const lower = name.toLowerCase();
    if (!words.every((word) => lower.includes(word))) return;
    const begins = lower.startsWith(words[0]!) ? 0 : 1;
    found.push({ id, rank: begins * 1e6 - model.degree(id) });
  });
  return found.sort((a, b) => a.rank - b.rank).slice(0, limit).map((one) => one.id);
}
