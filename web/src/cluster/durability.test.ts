import { describe, expect, it } from "vitest";
import { durabilityOf, inOrder, progressOf } from "./durability";

describe("durabilityOf", () => {
  it("orders stripes from safe to lost and finds the weakest", () => {
    const { levels, margin, total } = durabilityOf({ stripes_by_margin: { "0": 10, "2": 70, "1": 19, "-1": 1, "3": 0 } });
    expect(levels.map((level) => [level.margin, level.kind])).toEqual([[2, "ok"], [1, "warn"], [0, "warn"], [-1, "bad"]]);
    expect(margin).toBe(-1);
    expect(total).toBe(100);
    expect(levels[0]!.share).toBe(0.7);
  });

  it("knows an empty cluster", () => {
    expect(durabilityOf({})).toEqual({ levels: [], margin: undefined, total: 0 });
  });
});

describe("progressOf", () => {
  it("is done when nothing is queued", () => {
    expect(progressOf({ queued_stripes: 0, round_done: 8, round_total: 8 }).is_running).toBe(false);
    expect(progressOf(undefined).is_running).toBe(false);
  });

  it("counts the round", () => {
    expect(progressOf({ queued_stripes: 30, round_done: 10, round_total: 40 })).toEqual({ is_running: true, done: 0.25, left: 30, contents: 0 });
    expect(progressOf({ queued_stripes: 3 })).toEqual({ is_running: true, done: 0, left: 3, contents: 0 });
    expect(progressOf({ queued_stripes: 0, queued_contents: 2 })).toEqual({ is_running: true, done: 0, left: 0, contents: 2 });
  });
});

describe("inOrder", () => {
  it("puts the index first and storage-10 behind storage-2", () => {
    const members = [{ name: "worker-1", role: "worker" }, { name: "storage-10", role: "storage" }, { name: "storage-2", role: "storage" }, { name: "index", role: "index" }] as const;
    expect(inOrder(members).map((member) => member.name)).toEqual(["index", "storage-2", "storage-10", "worker-1"]);
  });
});
