import { expect, it } from "vitest";
import { modelOf } from "./model";
import { topicPlaces } from "./topics";

it("names the larger topics in the middle of their nodes", () => {
  const nodes = Array.from({ length: 19 }, (_, at) => ({ id: String(at), community: at < 9 ? 1 : at < 18 ? 2 : 3, x: at < 9 ? at : 100 + at, y: 5 }));
  nodes[8]!.x = 9999;
  const communities = [{ id: 1, name: "optics · lens", size: 9 }, { id: 2, name: "食谱、豆腐", size: 10 }, { id: 3, name: "alone", size: 1 }];
  expect(topicPlaces(modelOf({ nodes, edges: [] }), communities, 5)).toEqual([
    { id: 2, name: "食谱", x: 113, y: 5 },
    { id: 1, name: "optics", x: 4, y: 5 },
  ]);
  expect(topicPlaces(modelOf({ nodes, edges: [] }), communities, 1).length).toBe(1);
});
