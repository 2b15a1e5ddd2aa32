/**
 * All folders that the page has looked into: read page by page, and kept true by live events, so that a folder of
 * 100,000 names is never read twice.
 *
 * 1. open() reads the first page once; more() the next one; requests of one folder never overlap.
 * 2. Events that arrive while a page is on its way are applied now and again after it, since the page may be older
 *    than they are. Applying twice is harmless.
 * 3. At most `folders_max` folders are kept; the longest unused one is forgotten when nobody watches it.
 */
import { asApiError } from "../api/problem";
import type { Entry, Listing } from "../api/types";
import { createStore, type Store } from "../app/store";
import { addPage, dropEntry, emptyListing, putEntry, type ListingState } from "./listing";
import { isWithin, nameOf, parentOf } from "./path";

export type ReadPage = (path: string, after: string | undefined, limit: number) => Promise<Listing>;

/** How a folder changes: an entry is there (again), or no longer. */
export type Change =
  | { type: "put"; entry: Entry }
  | { type: "drop"; path: string; id?: string };

const first_page = 200;
const later_pages = 1000;
const folders_max = 60;

interface Folder {
  store: Store<ListingState>;
  watchers: number;
  reading: Promise<void> | undefined;
  late: Change[];
}

export class Listings {
  private readonly folders = new Map<string, Folder>();

  constructor(private readonly readPage: ReadPage) {}

  /** The store of a folder; its first page is asked for. */
  open(path: string): Store<ListingState> {
    const folder = this.folderAt(path);
    if (folder.store.get().next === undefined && folder.store.get().status !== "failed") void this.read(path, folder);
    return folder.store;
  }

  /** Reads the next page, if there is one and none is on its way. */
  async more(path: string): Promise<void> {
    const folder = this.folderAt(path);
    if (folder.store.get().next === null) return;
    await this.read(path, folder);
  }

  /** Reads from the start again, keeping what is shown until then. */
  async reload(path: string): Promise<void> {
    const folder = this.folderAt(path);
    await folder.reading;
    folder.store.set((state) => ({ ...state, next: undefined, status: "loading", error: undefined }));
    await this.read(path, folder);
  }

  /** Everything may have changed: forgets what nobody watches, reads the rest again. */
  reloadAll(): void {
    for (const [path, folder] of [...this.folders]) {
      if (folder.watchers === 0) this.folders.delete(path);
      else void this.reload(path);
    }
  }

  /** Whether another entry than `id` is known to have this path. */
  isTaken(path: string, id: string): boolean {
    const entries = this.folders.get(parentOf(path))?.store.get().entries ?? [];
    return entries.some((entry) => entry.path === path && entry.id !== id);
  }

  watch(path: string): () => void {
    const folder = this.folderAt(path);
    folder.watchers += 1;
    return () => void (folder.watchers -= 1);
  }

  apply(change: Change): void {
    const path = change.type === "put" ? change.entry.path : change.path;
    const folder = this.folders.get(parentOf(path));
    if (!folder) return;
    if (folder.reading) folder.late.push(change);
    folder.store.set((state) => applied(state, change));
  }

  /** A folder went away or moved: what was known below it is wrong now. */
  forget(path: string): void {
    for (const [key, folder] of [...this.folders]) {
      if (!isWithin(key, path)) continue;
      if (folder.watchers === 0) this.folders.delete(key);
      else void this.reload(key);
    }
  }

  /** Another person signs in. */
  clear(): void {
    this.folders.clear();
  }

  /** The server is back: tries again what failed while it was away. */
  retryFailed(): void {
    for (const [path, folder] of [...this.folders]) if (folder.store.get().status === "failed") void this.reload(path);
  }

  private read(path: string, folder: Folder): Promise<void> {
    folder.reading ??= this.readNow(path, folder);
    return folder.reading;
  }

  private async readNow(path: string, folder: Folder): Promise<void> {
    const after = folder.store.get().next ?? undefined;
    try {
      const page = await this.readPage(path, after, after === undefined ? first_page : later_pages);
      const late = finish(folder);
      folder.store.set((state) => late.reduce(applied, addPage(state, page, after)));
    } catch (error) {
      finish(folder);
      folder.store.set((state) => ({ ...state, status: "failed", error: asApiError(error) }));
    }
  }

  private folderAt(path: string): Folder {
    const known = this.folders.get(path);
    const folder = known ?? { store: createStore(emptyListing(path)), watchers: 0, reading: undefined, late: [] };
    this.folders.delete(path);
    this.folders.set(path, folder);
    if (!known) this.trim();
    return folder;
  }

  private trim(): void {
    for (const [path, folder] of this.folders) {
      if (this.folders.size <= folders_max) return;
      if (folder.watchers === 0 && !folder.reading) this.folders.delete(path);
    }
  }
}

/** The page is here: whoever hears of it may ask for the next one at once. Returns what changed meanwhile. */
function finish(folder: Folder): Change[] {
  const { late } = folder;
  folder.reading = undefined;
  folder.late = [];
  return late;
}

function applied(state: ListingState, change: Change): ListingState {
  return change.type === "put"
    ? putEntry(state, change.entry)
    : dropEntry(state, nameOf(change.path), change.id);
}
