import { describe, expect, it } from "vitest";
import { findNodes, no_focus, stances, type Focus } from "./focus";
import { modelOf } from "./model";

const model = modelOf({
  nodes: [
    { id: "1", kind: "file", name: "Lens design.pdf", community: 0 },
    { id: "2", kind: "tag", name: "lens", community: 0 },
    { id: "3", kind: "file", name: "食谱 lens.txt", community: 1 },
    { id: "4", kind: "folder", name: "papers", community: 1 },
  ],
  edges: [{ from: "1", to: "2", type: "TAGGED" }, { from: "4", to: "1", type: "CONTAINS" }],
});
const faded = (focus: Partial<Focus>) => {
  const stance = stances(model, { ...no_focus, ...focus });
  return model.filterNodes((id, node) => stance(id, node).is_faded).join("");
};

describe("focus", () => {
  it("fades nothing without a reason", () => expect(faded({})).toBe(""));

  it("keeps a hovered node and its neighbours", () => expect(faded({ hovered: "2" })).toBe("34"));

  it("keeps one topic", () => expect(faded({ topic: 1 })).toBe("12"));

  it("keeps what was found", () => expect(faded({ found: new Set(["3"]) })).toBe("124"));

  it("hides whole kinds", () => {
    const stance = stances(model, { ...no_focus, hidden: new Set(["tag"]) });
    expect(model.filterNodes((id, node) => stance(id, node).is_hidden)).toEqual(["2"]);
  });

  it("outlives the node that it was on", () => expect(faded({ hovered: "404" })).toBe(""));
});

describe("findNodes", () => {
  it("wants all words, and puts names that begin so first", () => {
    expect(findNodes(model, "LENS", 10)).toEqual(["1", "2", "3"]);
    expect(findNodes(model, "lens 食", 10)).toEqual(["3"]);
    expect(findNodes(model, "  ", 10)).toEqual([]);
    expect(findNodes(model, "lens", 1).length).toBe(1);
  });
});
