import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveEvent } from "./events";
import { LiveSocket, type LiveStatus, type Wire } from "./socket";

class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  constructor(readonly after: number | undefined) {}
  close() {
    this.closed = true;
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

function setUp(probe = () => Promise.resolve()) {
  const wires: FakeWire[] = [];
  const events: LiveEvent[] = [];
  const statuses: LiveStatus[] = [];
  const socket = new LiveSocket({
    open: (after) => {
      const wire = new FakeWire(after);
      wires.push(wire);
      return wire;
    },
    probe,
    onEvent: (event) => events.push(event),
    onStatus: (status) => statuses.push(status),
    random: () => 0.5,
  });
  return { socket, wires, events, statuses };
}

describe("LiveSocket", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("asks after a break for what came behind the last event that it saw", () => {
    const { socket, wires, statuses } = setUp();
    socket.connect(7);
    expect(wires[0]!.after).toBe(7);
    wires[0]!.say({ type: "hello", event: 9, user: "a" });
    wires[0]!.say({ type: "entry.deleted", event: 8, id: "1", path: "/a", kind: "file" });
    wires[0]!.onclose!();
    expect(statuses).toEqual(["connecting", "live", "offline"]);
    vi.advanceTimersByTime(500);
    expect(wires[1]!.after).toBe(8);
  });

  it("does not skip events when hello names a later one than the page asked for", () => {
    const { socket, wires } = setUp();
    socket.connect(3);
    wires[0]!.say({ type: "hello", event: 20, user: "a" });
    expect(socket.lastEvent).toBe(3);
  });

  it("waits twice as long after each failure, up to fifteen seconds", () => {
    const { socket, wires } = setUp();
    socket.connect(undefined);
    for (const wait of [500, 1000, 2000, 4000, 8000, 15000, 15000]) {
      const before = wires.length;
      wires[before - 1]!.onclose!();
      vi.advanceTimersByTime(wait - 1);
      expect(wires.length).toBe(before);
      vi.advanceTimersByTime(1);
      expect(wires.length).toBe(before + 1);
    }
  });

  it("hurries when told so, and never holds two sockets", () => {
    const { socket, wires } = setUp();
    socket.connect(undefined);
    wires[0]!.onclose!();
    socket.hurry();
    expect(wires.length).toBe(2);
    socket.hurry();
    vi.advanceTimersByTime(20_000);
    expect(wires.filter((wire) => !wire.closed).length).toBe(1);
    expect(wires.length).toBe(2);
  });

  it("drops a silent connection when the server does not answer a probe", async () => {
    const { socket, wires, statuses } = setUp(() => Promise.reject(new Error("cut")));
    socket.connect(1);
    wires[0]!.say({ type: "hello", event: 1, user: "a" });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(wires[0]!.closed).toBe(true);
    expect(statuses.at(-1)).toBe("offline");
  });

  it("asks at once when the browser says that the network is gone", async () => {
    const { socket, wires, statuses } = setUp(() => Promise.reject(new Error("cut")));
    socket.connect(1);
    wires[0]!.say({ type: "hello", event: 1, user: "a" });
    socket.suspect();
    await vi.advanceTimersByTimeAsync(0);
    expect(statuses.at(-1)).toBe("offline");
  });

  it("keeps a silent connection when the server answers", async () => {
    const { socket, wires } = setUp();
    socket.connect(1);
    wires[0]!.say({ type: "hello", event: 1, user: "a" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(wires.length).toBe(1);
    expect(wires[0]!.closed).toBe(false);
  });

  it("passes over messages that it does not know", () => {
    const { socket, wires, events } = setUp();
    socket.connect(1);
    wires[0]!.say({ type: "future", event: 5 });
    wires[0]!.onmessage!({ data: "no json" });
    wires[0]!.onmessage!({ data: new ArrayBuffer(2) });
    expect(events).toEqual([]);
  });

  it("stays away after stop", () => {
    const { socket, wires } = setUp();
    socket.connect(1);
    socket.stop();
    vi.advanceTimersByTime(60_000);
    socket.hurry();
    expect(wires.length).toBe(1);
  });
});
