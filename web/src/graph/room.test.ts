import { describe, expect, it } from "vitest";
import { Room } from "./room";

describe("Room", () => {
  it("gives a place once, to who comes first", () => {
    const room = new Room();
    expect(room.take(10, 10, 100, 20)).toBe(true);
    expect(room.take(60, 20, 100, 20)).toBe(false);
    expect(room.take(10, 31, 100, 20)).toBe(true);
  });

  it("sees an overlap in whatever cell of the grid it lies", () => {
    const room = new Room();
    expect(room.take(0, 0, 300, 20)).toBe(true);
    expect(room.take(290, 10, 50, 20)).toBe(false);
    expect(room.take(-40, 5, 41, 5)).toBe(false);
  });

  it("does not keep the place of a name that got none", () => {
    const room = new Room();
    room.take(0, 0, 50, 20);
    expect(room.take(40, 0, 50, 20)).toBe(false);
    expect(room.take(60, 0, 20, 20)).toBe(true);
  });

  it("forgets all places for the next frame", () => {
    const room = new Room();
    room.take(0, 0, 50, 20);
    room.clear();
    expect(room.take(0, 0, 50, 20)).toBe(true);
  });
});
