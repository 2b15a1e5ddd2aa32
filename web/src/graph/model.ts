/**
 * The graph that is shown: built from GET /graph, grown by neighbours and live events. No drawing here.
 *
 * Nodes are keyed by their id, edges by "type:from:to", so that the same thing told twice is one. Positions are the
 * server's; what it does not place stands beside what it is linked to. At most `nodes_max` nodes are kept.
 */
import Graph from "graphology";
import type { Entry, FileTag, Graph as GraphAnswer, GraphEdge, GraphNode, NodeKind, Similar } from "../api/types";
import { parentOf } from "../drive/path";
import type { LiveEvent } from "../live/events";

export interface NodeAttributes {
  kind: NodeKind;
  name: string;
  path: string;
  media_type: string;
  community: number | undefined;
  x: number;
  y: number;
}

export interface EdgeAttributes {
  type: string;
  score: number;
}

export type Model = Graph<NodeAttributes, EdgeAttributes>;

const nodes_max = 20_000;
/** How far from its neighbour a new node stands, as a part of the drawing's size. */
const beside = 0.02;

export function emptyModel(): Model {
  return new Graph<NodeAttributes, EdgeAttributes>({ type: "undirected", multi: true, allowSelfLoops: false });
}

export function modelOf(answer: GraphAnswer): Model {
  const model = emptyModel();
  for (const node of answer.nodes ?? []) if (node.id !== undefined) addNode(model, node, { x: node.x ?? 0, y: node.y ?? 0 });
  for (const edge of answer.edges ?? []) addEdge(model, edge);
  return model;
}

/** Adds the neighbours of `id`, those that are new in a ring around it. Returns how many were new. */
export function addNeighbours(model: Model, id: string, answer: GraphAnswer): number {
  const fresh = (answer.nodes ?? []).filter((node) => node.id !== undefined && !model.hasNode(node.id));
  const centre = model.hasNode(id) ? model.getNodeAttributes(id) : middleOf(model);
  const radius = spread(model) * (beside + fresh.length * 0.0006);
  fresh.forEach((node, at) => {
    const angle = (at / Math.max(fresh.length, 1)) * 2 * Math.PI;
    const place = node.id === id ? centre : { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
    addNode(model, { ...node, community: node.community ?? communityAt(model, id) }, place);
  });
  for (const edge of answer.edges ?? []) addEdge(model, edge);
  return fresh.length;
}

/** What a live event changes; true when it changed anything. `random` gives 0 … 1. */
export function applyEvent(model: Model, event: LiveEvent, random: () => number = Math.random): boolean {
  switch (event.type) {
    case "file.created":
    case "folder.created":
    case "file.changed":
      return putEntry(model, event.entry, random);
    case "file.tagged": {
      putEntry(model, event.entry, random);
      return setLinks(model, event.id, event.file_tags, event.similar, random);
    }
    case "entry.moved":
      return moveEntry(model, event.entry, event.from, random);
    case "entry.deleted":
      return dropEntry(model, event.id, event.path);
    default:
      return false;
  }
}

function addNode(model: Model, node: GraphNode, place: { x: number; y: number }): boolean {
  if (node.id === undefined || model.hasNode(node.id) || model.order >= nodes_max) return false;
  model.addNode(node.id, {
    kind: node.kind ?? "file",
    name: node.name ?? "",
    path: node.path ?? "",
    media_type: node.media_type ?? "",
    community: node.community,
    x: place.x,
    y: place.y,
  });
  return true;
}

function addEdge(model: Model, { from, to, type = "", score = 1 }: GraphEdge): boolean {
  if (from === undefined || to === undefined || from === to || !model.hasNode(from) || !model.hasNode(to)) return false;
  const key = `${type}:${from}:${to}`;
  if (model.hasEdge(key)) return false;
  model.addEdgeWithKey(key, from, to, { type, score });
  return true;
}

function putEntry(model: Model, entry: Entry, random: () => number): boolean {
  const folder = folderAt(model, parentOf(entry.path));
  if (model.hasNode(entry.id)) {
    model.mergeNodeAttributes(entry.id, { name: entry.name, path: entry.path, media_type: entry.media_type ?? "" });
  } else {
    const node = { id: entry.id, kind: entry.kind, name: entry.name, path: entry.path, community: communityAt(model, folder) };
    if (!addNode(model, { ...node, ...(entry.media_type && { media_type: entry.media_type }) }, near(model, folder, random))) return false;
  }
  if (folder !== undefined) addEdge(model, { from: folder, to: entry.id, type: "CONTAINS" });
  return true;
}

/** Tags and similar files of a file, as they are now: others that it had are gone. */
function setLinks(
  model: Model, id: string, tags: readonly FileTag[], similar: readonly Similar[] | undefined, random: () => number,
): boolean {
  if (!model.hasNode(id)) return false;
  const had_links = model.someEdge(id, (_, edge) => edge.type === "TAGGED");
  const kept = tags.filter((tag) => tag.id !== undefined && tag.state !== "rejected");
  const wanted = new Set(kept.map((tag) => `TAGGED:${id}:${tag.id}`));
  for (const tag of kept) {
    addNode(model, { id: tag.id!, kind: "tag", name: tag.name ?? "" }, near(model, id, random));
    addEdge(model, { from: id, to: tag.id!, type: "TAGGED", score: tag.score ?? 1 });
  }
  for (const { entry, score } of similar ?? []) {
    if (entry) addEdge(model, { from: id, to: entry.id, type: "SIMILAR", score: score ?? 1 });
  }
  model.forEachEdge(id, (key, edge) => {
    if (edge.type === "TAGGED" && !wanted.has(key)) model.dropEdge(key);
  });
  if (!had_links) settle(model, id, random);
  return true;
}

/** A file that just learned what it is about goes among its likes. */
function settle(model: Model, id: string, random: () => number): void {
  const likes = model.filterNeighbors(id, (_, other) => other.kind !== "folder" && other.community !== undefined);
  if (likes.length === 0) return;
  const places = likes.map((like) => model.getNodeAttributes(like));
  const mean = (axis: "x" | "y") => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  const away = spread(model) * beside;
  model.mergeNodeAttributes(id, {
    x: mean("x") + (random() - 0.5) * away,
    y: mean("y") + (random() - 0.5) * away,
    community: places[0]!.community,
  });
  model.forEachNeighbor(id, (tag, other) => {
    if (other.community === undefined) model.setNodeAttribute(tag, "community", places[0]!.community);
  });
}

function moveEntry(model: Model, entry: Entry, from: string, random: () => number): boolean {
  if (!model.hasNode(entry.id)) return putEntry(model, entry, random);
  model.forEachEdge(entry.id, (key, edge, source) => {
    if (edge.type === "CONTAINS" && source !== entry.id) model.dropEdge(key);
  });
  model.forEachNode((id, { path }) => {
    if (path.startsWith(`${from}/`)) model.setNodeAttribute(id, "path", entry.path + path.slice(from.length));
  });
  return putEntry(model, entry, random);
}

function dropEntry(model: Model, id: string, path: string): boolean {
  const gone = model.filterNodes((node, at) => node === id || at.path.startsWith(`${path}/`));
  for (const node of gone) model.dropNode(node);
  model.forEachNode((node, { kind }) => {
    if (kind === "tag" && model.degree(node) === 0) model.dropNode(node);
  });
  return gone.length > 0;
}

function folderAt(model: Model, path: string): string | undefined {
  return model.findNode((_, node) => node.kind === "folder" && node.path === path);
}

function communityAt(model: Model, id: string | undefined): number | undefined {
  return id !== undefined && model.hasNode(id) ? model.getNodeAttribute(id, "community") : undefined;
}

function near(model: Model, id: string | undefined, random: () => number): { x: number; y: number } {
  const { x, y } = id !== undefined && model.hasNode(id) ? model.getNodeAttributes(id) : middleOf(model);
  const angle = random() * 2 * Math.PI;
  const away = spread(model) * beside * (0.5 + random());
  return { x: x + away * Math.cos(angle), y: y + away * Math.sin(angle) };
}

function middleOf(model: Model): { x: number; y: number } {
  const { left, right, top, bottom } = boundsOf(model);
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

function spread(model: Model): number {
  const { left, right, top, bottom } = boundsOf(model);
  return Math.max(right - left, bottom - top, 1);
}

function boundsOf(model: Model) {
  if (model.order === 0) return { left: 0, right: 0, top: 0, bottom: 0 };
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  model.forEachNode((_, { x, y }) => {
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y);
  });
  return bounds;
}
