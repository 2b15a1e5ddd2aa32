import { describe, expect, it } from "vitest";
import type { Entry, Listing } from "../api/types";
import { Listings } from "./listings";

const entry = (path: string): Entry => ({ id: path, kind: "file", name: path.slice(path.lastIndexOf("/") + 1), path });

/** A folder /f of `count` names, and requests that the test answers by hand. */
function setUp(count: number) {
  const all = Array.from({ length: count }, (_, at) => entry(`/f/${String(at).padStart(6, "0")}`));
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const listings = new Listings((path, after, limit) => {
    asked.push(`${after ?? ""}+${limit}`);
    const start = after === undefined ? 0 : all.findIndex((one) => one.name > after);
    const entries = start < 0 ? [] : all.slice(start, start + limit);
    const next = entries.at(-1) === all.at(-1) ? null : entries.at(-1)!.name;
    const folder: Entry = { id: "f", kind: "folder", name: "f", path };
    const page: Listing = { folder, entries, total: count, next };
    return new Promise((resolve) => waiting.push(() => resolve(page)));
  });
  const answer = async () => {
    waiting.shift()!();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { listings, asked, answer };
}

describe("Listings", () => {
  it("reads 100,000 names page by page, each once", async () => {
    const { listings, asked, answer } = setUp(100_000);
    const store = listings.open("/f");
    await answer();
    expect(store.get().entries.length).toBe(200);
    expect(store.get().total).toBe(100_000);
    while (store.get().next !== null) {
      void listings.more("/f");
      await answer();
    }
    expect(store.get().entries.length).toBe(100_000);
    expect(asked.length).toBe(101);
  });

  it("sends one request when many ask at once", async () => {
    const { listings, asked, answer } = setUp(3000);
    listings.open("/f");
    listings.open("/f");
    void listings.more("/f");
    expect(asked.length).toBe(1);
    await answer();
    void listings.more("/f");
    void listings.more("/f");
    expect(asked.length).toBe(2);
  });

  it("keeps what happened while a page that is older was on its way", async () => {
    const { listings, answer } = setUp(100);
    const store = listings.open("/f");
    listings.apply({ type: "put", entry: entry("/f/000050b") });
    listings.apply({ type: "drop", path: "/f/000007" });
    await answer();
    const names = store.get().entries.map((one) => one.name);
    expect(names).toContain("000050b");
    expect(names).not.toContain("000007");
  });

  it("shows a failed read, and reads again when told to", async () => {
    let fails = true;
    const listings = new Listings((path) => {
      if (fails) return Promise.reject(new Error("cut"));
      return Promise.resolve({ folder: entry(path), entries: [entry("/f/a")], next: null });
    });
    const store = listings.open("/f");
    await new Promise((resolve) => setTimeout(resolve));
    expect(store.get().status).toBe("failed");
    fails = false;
    await listings.reload("/f");
    expect(store.get().status).toBe("ready");
    expect(store.get().entries.length).toBe(1);
  });

  it("gives the next page to who asks for it as soon as one is there", async () => {
    const asked: (string | undefined)[] = [];
    const listings = new Listings((path, after) => {
      asked.push(after);
      const at = asked.length;
      return Promise.resolve({ folder: entry(path), entries: [entry(`/f/${at}`)], next: at < 4 ? String(at) : null });
    });
    const store = listings.open("/f");
    store.subscribe(() => {
      if (typeof store.get().next === "string") void listings.more("/f");
    });
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toEqual([undefined, "1", "2", "3"]);
    expect(store.get().entries.length).toBe(4);
  });

  it("knows whether another entry has a name", async () => {
    const { listings, answer } = setUp(10);
    listings.open("/f");
    await answer();
    const [first] = listings.open("/f").get().entries;
    expect(listings.isTaken(first!.path, first!.id)).toBe(false);
    expect(listings.isTaken(first!.path, "another")).toBe(true);
    expect(listings.isTaken("/f/free", "another")).toBe(false);
  });

  it("forgets what lies below a folder that moved", async () => {
    const { listings, asked, answer } = setUp(10);
    listings.open("/f");
    await answer();
    listings.forget("/");
    listings.open("/f");
    expect(asked.length).toBe(2);
  });
});
