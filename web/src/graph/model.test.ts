import { describe, expect, it } from "vitest";
import type { Entry } from "../api/types";
import type { LiveEvent } from "../live/events";
import { addNeighbours, applyEvent, modelOf, type Model } from "./model";

const entry = (id: string, path: string, kind: "file" | "folder" = "file"): Entry => ({ id, kind, path, name: path.slice(path.lastIndexOf("/") + 1) });

/** Two folders, two files in the first, one tag on file 3. */
function sample(): Model {
  return modelOf({
    nodes: [
      { id: "1", kind: "folder", name: "a", path: "/a", x: 0, y: 0, community: 0 },
      { id: "2", kind: "folder", name: "b", path: "/b", x: 100, y: 0, community: 1 },
      { id: "3", kind: "file", name: "x.txt", path: "/a/x.txt", x: 1, y: 2, community: 0 },
      { id: "4", kind: "file", name: "y.txt", path: "/a/y.txt", x: 3, y: 4, community: 0 },
      { id: "9", kind: "tag", name: "optics", x: 80, y: 50, community: 1 },
    ],
    edges: [
      { from: "1", to: "3", type: "CONTAINS" },
      { from: "1", to: "4", type: "CONTAINS" },
      { from: "3", to: "9", type: "TAGGED", score: 0.9 },
      { from: "3", to: "77", type: "TAGGED" },
    ],
  });
}
const apply = (model: Model, event: object) => applyEvent(model, { event: 1, ...event } as LiveEvent, () => 0.5);
const links = (model: Model, id: string) => model.mapEdges(id, (key) => key).sort();

describe("the graph's model", () => {
  it("takes nodes and edges, and leaves out edges without both ends", () => {
    const model = sample();
    expect([model.order, model.size]).toEqual([5, 3]);
    expect(model.getNodeAttributes("3")).toMatchObject({ x: 1, y: 2, name: "x.txt", community: 0 });
  });

  it("puts a new file beside its folder, once", () => {
    const model = sample();
    apply(model, { type: "file.created", entry: entry("5", "/a/new.txt") });
    apply(model, { type: "file.created", entry: entry("5", "/a/new.txt") });
    expect(links(model, "5")).toEqual(["CONTAINS:1:5"]);
    expect(Math.hypot(model.getNodeAttribute("5", "x"), model.getNodeAttribute("5", "y"))).toBeLessThan(10);
  });

  it("links a tagged file, makes new tags, and moves it among its likes", () => {
    const model = sample();
    apply(model, { type: "file.created", entry: entry("5", "/a/new.txt") });
    apply(model, {
      type: "file.tagged", id: "5", path: "/a/new.txt", entry: entry("5", "/a/new.txt"),
      file_tags: [{ id: "9", name: "optics", score: 0.8 }, { id: "10", name: "lens" }, { id: "11", name: "no", state: "rejected" }],
      similar: [{ entry: entry("4", "/a/y.txt"), score: 0.5 }, { entry: entry("99", "/unseen"), score: 0.5 }],
    });
    expect(links(model, "5")).toEqual(["CONTAINS:1:5", "SIMILAR:5:4", "TAGGED:5:10", "TAGGED:5:9"]);
    expect(model.hasNode("11")).toBe(false);
    expect(model.getNodeAttribute("5", "x")).toBeGreaterThan(20);
  });

  it("drops the links to tags that a file no longer has", () => {
    const model = sample();
    apply(model, { type: "file.tagged", id: "3", path: "/a/x.txt", entry: entry("3", "/a/x.txt"), file_tags: [] });
    expect(links(model, "3")).toEqual(["CONTAINS:1:3"]);
  });

  it("moves an entry to its new folder, and everything below it", () => {
    const model = sample();
    apply(model, { type: "entry.moved", entry: entry("1", "/b/a", "folder"), from: "/a" });
    expect(model.getNodeAttribute("3", "path")).toBe("/b/a/x.txt");
    expect(links(model, "1")).toEqual(["CONTAINS:1:3", "CONTAINS:1:4", "CONTAINS:2:1"]);
    apply(model, { type: "entry.moved", entry: entry("3", "/b/z.txt"), from: "/b/a/x.txt" });
    expect(links(model, "3")).toEqual(["CONTAINS:2:3", "TAGGED:3:9"]);
    expect(model.getNodeAttribute("3", "name")).toBe("z.txt");
  });

  it("drops a deleted folder with all in it, and tags that nothing has any more", () => {
    const model = sample();
    apply(model, { type: "entry.deleted", id: "1", path: "/a", kind: "folder" });
    expect(model.nodes()).toEqual(["2"]);
  });

  it("adds neighbours around a node and counts the new ones", () => {
    const model = sample();
    const answer = {
      nodes: [{ id: "3", kind: "file" as const }, { id: "20", kind: "user" as const, name: "mei" }],
      edges: [{ from: "20", to: "3", type: "MAY" }],
    };
    expect(addNeighbours(model, "3", answer)).toBe(1);
    expect(addNeighbours(model, "3", answer)).toBe(0);
    expect(Math.hypot(model.getNodeAttribute("20", "x") - 1, model.getNodeAttribute("20", "y") - 2)).toBeLessThan(10);
  });

  it("leaves the graph alone for what it does not show", () => {
    const model = sample();
    expect(apply(model, { type: "entry.deleted", id: "404", path: "/none", kind: "file" })).toBe(false);
    expect(apply(model, { type: "lagged" })).toBe(false);
  });
});
