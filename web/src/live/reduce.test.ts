import { describe, expect, it } from "vitest";
import type { Cluster, Detail, Entry } from "../api/types";
import { parseEvent, type LiveEvent } from "./events";
import { changesOf, reduceCluster, reduceDetail } from "./reduce";

const entry: Entry = { id: "42", kind: "file", name: "a.txt", path: "/a.txt", analysed: "ok" };
const detail: Detail = { ...entry, analysed: "queued", properties: { width: 3 } };
/** Every message of docs/formats/events-ws.md that names entry 42, in the order in which they would come. */
const tagged: LiveEvent = {
  type: "file.tagged", event: 815, id: "42", path: "/a.txt", entry, file_tags: [{ id: "7", name: "optics", score: 0.9 }], similar: [],
};

describe("reduceDetail", () => {
  it("takes tags and keeps what the event does not speak of", () => {
    const after = reduceDetail(detail, tagged);
    expect(after.file_tags).toEqual(tagged.file_tags);
    expect(after.analysed).toBe("ok");
    expect(after.properties).toEqual({ width: 3 });
  });

  it("marks a failed file with its reason", () => {
    const after = reduceDetail(detail, { type: "file.failed", event: 816, id: "42", path: "/a.txt", reason: "memory limit" });
    expect(after.analysed).toBe("failed");
    expect(after.analysis?.reason).toBe("memory limit");
  });

  it("follows its own move and that of a folder above it, not that of a neighbour", () => {
    const moved = (from: string, to: string, id: string): LiveEvent => ({
      type: "entry.moved", event: 1, from, entry: { id, kind: "folder", name: to.slice(1), path: to },
    });
    const inside: Detail = { ...detail, path: "/old/deep/a.txt" };
    expect(reduceDetail(detail, moved("/a.txt", "/b.txt", "42")).path).toBe("/b.txt");
    expect(reduceDetail(inside, moved("/old", "/new", "9")).path).toBe("/new/deep/a.txt");
    expect(reduceDetail(inside, moved("/ol", "/new", "9"))).toBe(inside);
  });

  it("leaves other files alone", () => {
    const other: Detail = { ...detail, id: "43" };
    expect(reduceDetail(other, tagged)).toBe(other);
  });
});

describe("changesOf", () => {
  it("moves an entry out of the one folder and into the other", () => {
    const changes = changesOf({ type: "entry.moved", event: 1, from: "/old/a.txt", entry });
    expect(changes).toEqual([{ type: "drop", path: "/old/a.txt", id: "42" }, { type: "put", entry }]);
  });

  it.each(["file.created", "file.changed", "folder.created"] as const)("puts the entry of %s", (type) => {
    expect(changesOf({ type, event: 1, entry })).toEqual([{ type: "put", entry }]);
  });

  it("drops what was deleted, and takes nothing from the rest", () => {
    expect(changesOf({ type: "entry.deleted", event: 1, id: "42", path: "/a.txt", kind: "file" })).toEqual([
      { type: "drop", path: "/a.txt", id: "42" },
    ]);
    expect(changesOf({ type: "lagged", event: 9 })).toEqual([]);
  });
});

describe("reduceCluster", () => {
  const cluster: Cluster = { members: [{ id: "1", name: "storage-1", state: "up", shards: 8 }], stripes_total: 5 };

  it("changes a member's state and keeps what was known of it", () => {
    const after = reduceCluster(cluster, { type: "member", member: { id: "1", state: "down" } });
    expect(after.members).toEqual([{ id: "1", name: "storage-1", state: "down", shards: 8 }]);
  });

  it("adds a member that joins", () => {
    const after = reduceCluster(cluster, { type: "member", member: { id: "2", state: "up" } });
    expect(after.members?.length).toBe(2);
  });

  it("takes repair and analysis as they stand", () => {
    expect(reduceCluster(cluster, { type: "repair", repair: { queued_stripes: 3 } }).repair?.queued_stripes).toBe(3);
    expect(reduceCluster(cluster, { type: "analysis", analysis: { queued: 2 } }).analysis?.queued).toBe(2);
  });
});

describe("parseEvent", () => {
  it("refuses what is no known message", () => {
    expect(parseEvent("{")).toBeUndefined();
    expect(parseEvent("null")).toBeUndefined();
    expect(parseEvent('{"type":"from.the.future"}')).toBeUndefined();
    expect(parseEvent('{"type":"lagged","event":3}')).toEqual({ type: "lagged", event: 3 });
  });
});
