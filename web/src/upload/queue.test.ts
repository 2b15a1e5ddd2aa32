import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, offlineError } from "../api/problem";
import type { Entry } from "../api/types";
import { UploadQueue, type QueueOptions } from "./queue";
import { countsOf, type Send, type UploadSource } from "./upload";

/** One request as the queue made it; the test answers it. */
interface Request {
  name: string;
  replace: boolean;
  is_cancelled: boolean;
  sent: (bytes: number) => void;
  succeed: () => Promise<void>;
  fail: (error: ApiError) => Promise<void>;
}

function setUp(options: QueueOptions = {}) {
  const requests: Request[] = [];
  const send: Send = (source, replace, onSent) => {
    const request = { name: source.name, replace, is_cancelled: false, sent: onSent } as Request;
    requests.push(request);
    const done = new Promise<Entry | undefined>((resolve, reject) => {
      request.succeed = () => (resolve(undefined), tick());
      request.fail = (error) => (reject(error), tick());
    });
    return { done, cancel: () => (request.is_cancelled = true) };
  };
  const queue = new UploadQueue(send, { schedule: (notify) => notify(), ...options });
  const states = () => queue.snapshot().map((item) => item.state);
  return { queue, requests, states, sources };
}

const tick = () => vi.advanceTimersByTimeAsync(0).then(() => undefined);
const sources = (count: number): UploadSource[] =>
  Array.from({ length: count }, (_, at) => ({ folder: "/", name: `f${at}.txt`, size: 100, read: async () => new Blob() }));
const problem = (code: string, status: number, wait?: number) =>
  new ApiError({ type: "", title: code, status, code, request_id: "" }, wait);

describe("UploadQueue", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("sends three at a time, in order, and the next when one is done", async () => {
    const { queue, requests, states } = setUp();
    queue.add(sources(5));
    expect(requests.map((one) => one.name)).toEqual(["f0.txt", "f1.txt", "f2.txt"]);
    await requests[1]!.succeed();
    expect(requests.map((one) => one.name)).toEqual(["f0.txt", "f1.txt", "f2.txt", "f3.txt"]);
    expect(states()).toEqual(["sending", "done", "sending", "sending", "waiting"]);
  });

  it("says storing when all bytes are out and the answer is not there", () => {
    const { queue, requests, states } = setUp();
    queue.add(sources(1));
    requests[0]!.sent(40);
    expect(queue.snapshot()[0]!.sent).toBe(40);
    requests[0]!.sent(100);
    expect(states()).toEqual(["storing"]);
  });

  it("tries again after a break, later each time, and gives up after attempts_max", async () => {
    const { queue, requests, states } = setUp({ attempts_max: 3 });
    queue.add(sources(1));
    for (const wait of [1000, 2000]) {
      const before = requests.length;
      await requests[before - 1]!.fail(offlineError());
      expect(states()).toEqual(["waiting"]);
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(requests.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(requests.length).toBe(before + 1);
    }
    await requests[2]!.fail(offlineError());
    expect(states()).toEqual(["failed"]);
    queue.retry(1);
    expect(requests.length).toBe(4);
  });

  it("waits as long as the server asks", async () => {
    const { queue, requests } = setUp();
    queue.add(sources(1));
    await requests[0]!.fail(problem("unavailable", 503, 7));
    await vi.advanceTimersByTimeAsync(6999);
    expect(requests.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(requests.length).toBe(2);
  });

  it("lets others pass while one waits for its next attempt", async () => {
    const { queue, requests } = setUp({ parallel: 1 });
    queue.add(sources(2));
    await requests[0]!.fail(offlineError());
    expect(requests[1]!.name).toBe("f1.txt");
  });

  it("does not repeat what repeating cannot help", async () => {
    const { queue, requests, states } = setUp();
    queue.add(sources(1));
    await requests[0]!.fail(problem("exhausted", 507));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests.length).toBe(1);
    expect(states()).toEqual(["failed"]);
  });

  it("goes on at once when the server is back", async () => {
    const { queue, requests } = setUp({ attempts_max: 2 });
    queue.add(sources(2));
    await requests[0]!.fail(offlineError());
    await vi.advanceTimersByTimeAsync(1000);
    await requests[2]!.fail(offlineError());
    await requests[1]!.fail(offlineError());
    queue.online();
    expect(requests.slice(3).map((one) => one.name)).toEqual(["f0.txt", "f1.txt"]);
  });

  it("asks about a taken name, and replaces, keeps both or skips as told", async () => {
    const { queue, requests, states } = setUp();
    queue.add(sources(3));
    for (const request of [...requests]) await request.fail(problem("conflict", 412));
    expect(states()).toEqual(["conflict", "conflict", "conflict"]);
    queue.resolve(1, "replace");
    expect(requests[3]).toMatchObject({ name: "f0.txt", replace: true });
    queue.resolve(3, "skip");
    expect(states()[2]).toBe("skipped");
    queue.resolve(2, "keep");
    await requests[4]!.fail(problem("conflict", 412));
    await tick();
    expect(requests[5]).toMatchObject({ name: "f1 (2).txt", replace: false });
    await requests[5]!.fail(problem("conflict", 412));
    await tick();
    expect(requests[6]!.name).toBe("f1 (3).txt");
  });

  it("decides for all, also for those still to come", async () => {
    const { queue, requests } = setUp({ parallel: 1 });
    queue.add(sources(3));
    await requests[0]!.fail(problem("conflict", 412));
    queue.resolve(1, "replace", true);
    await requests[1]!.succeed();
    expect(requests[2]!.replace).toBe(true);
  });

  it("does not call an upload cancelled that the server may have stored", async () => {
    const { queue, requests, states } = setUp();
    queue.add(sources(2));
    requests[0]!.sent(100);
    queue.cancel(1);
    queue.cancelAll();
    expect(requests[0]!.is_cancelled).toBe(false);
    expect(states()).toEqual(["storing", "cancelled"]);
    await requests[0]!.succeed();
    expect(states()).toEqual(["done", "cancelled"]);
  });

  it("cancels what runs, and does not listen to it any more", async () => {
    const { queue, requests, states } = setUp({ parallel: 1 });
    queue.add(sources(2));
    queue.cancel(1);
    expect(requests[0]!.is_cancelled).toBe(true);
    requests[0]!.sent(50);
    await requests[0]!.succeed();
    expect(states()).toEqual(["cancelled", "sending"]);
    queue.cancelAll();
    expect(states()).toEqual(["cancelled", "cancelled"]);
  });

  it("clears what is over and keeps what failed", async () => {
    const { queue, requests, states } = setUp();
    queue.add(sources(3));
    await requests[0]!.succeed();
    await requests[1]!.fail(problem("denied", 403));
    queue.clear();
    expect(states()).toEqual(["failed", "sending"]);
    queue.retry(2);
    expect(requests.at(-1)!.name).toBe("f1.txt");
  });

  it("handles 100,000 files", async () => {
    const { queue, requests } = setUp({ schedule: () => {} });
    const started = performance.now();
    queue.add(sources(100_000));
    for (let at = 0; at < 3000; at += 1) await requests[at]!.succeed();
    expect(requests.length).toBe(3003);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("countsOf", () => {
  it("counts items and bytes, and leaves out what will not be stored", async () => {
    vi.useFakeTimers();
    const { queue, requests } = setUp();
    queue.add(sources(4));
    await requests[0]!.succeed();
    requests[1]!.sent(30);
    queue.cancel(3);
    expect(countsOf(queue.snapshot())).toEqual({
      total: 4, open: 2, done: 1, failed: 0, conflict: 0, bytes_total: 300, bytes_sent: 130,
    });
    vi.useRealTimers();
  });
});
