/**
 * Sigma made fast enough to draw 5,000 nodes and 20,000 edges without a graphics card.
 *
 * Sigma finds the node under the pointer by drawing all nodes once more in false colours and reading a pixel back with
 * every move of the mouse, which stalls a software renderer for the whole frame. Here it is found by distance: nodes
 * are few, and a multiplication each is nothing. The second drawing then falls away (node_program.ts gives no picking
 * buffer). This reaches into sigma's private parts as of 3.0.3, which package-lock.json pins.
 */
import type Sigma from "sigma";
import type { NodeDisplayData } from "sigma/types";
import type { EdgeAttributes, Model, NodeAttributes } from "./model";

type View = Sigma<NodeAttributes, EdgeAttributes>;

interface Insides {
  pickingLayers: Set<string>;
  /** What getNodeDisplayData() gives copies of. */
  nodeDataCache: Record<string, NodeDisplayData>;
  getNodeAtPosition: (at: { x: number; y: number }) => string | null;
}

/** px beyond a node's edge where it still counts as hit, for small nodes and fingers. */
const slack_px = 3;

export function quicken(view: View, model: Model): void {
  const insides = view as unknown as Insides;
  insides.pickingLayers.clear();
  insides.getNodeAtPosition = (at) => nodeAt(view, model, at) ?? null;
}

/** The node whose centre is nearest to a point of the container (px), among those that the point hits. */
export function nodeAt(
  view: View, model: Model, at: { x: number; y: number }, wanted: (id: string, node: NodeAttributes) => boolean = () => true,
): string | undefined {
  const centre = view.viewportToFramedGraph(at);
  const beside = view.viewportToFramedGraph({ x: at.x + 1, y: at.y });
  const per_px = Math.hypot(beside.x - centre.x, beside.y - centre.y);
  const per_size = view.scaleSize(1);
  const { nodeDataCache } = view as unknown as Insides;
  let found: string | undefined;
  let nearest = Infinity;
  for (const id in nodeDataCache) {
    const shown = nodeDataCache[id]!;
    const [dx, dy] = [(shown.x - centre.x) / per_px, (shown.y - centre.y) / per_px];
    const reach = shown.size * per_size + slack_px;
    const away = dx * dx + dy * dy;
    if (away > reach * reach || away >= nearest || shown.hidden) continue;
    if (!model.hasNode(id) || !wanted(id, model.getNodeAttributes(id))) continue;
    nearest = away;
    found = id;
  }
  return found;
}
