/**
 * What is known of one folder: its entries as far as they were read, in the server's order (bytes of the names).
 *
 * Invariants: entries are sorted and unique by name; next === null exactly when the end was read; while it is not,
 * no entry behind the last one read is kept (it comes with its page). Pure functions: state in, state out.
 */
import type { ApiError } from "../api/problem";
import type { Entry, Listing } from "../api/types";
import { compareBytes } from "./path";

export interface ListingState {
  path: string;
  folder: Entry | undefined;
  entries: readonly Entry[];
  /** How many entries the folder has, also those not yet read. */
  total: number;
  /** The name behind which the next page starts; null: all was read; undefined: nothing was read. */
  next: string | null | undefined;
  status: "loading" | "ready" | "failed";
  error?: ApiError | undefined;
}

export function emptyListing(path: string): ListingState {
  return { path, folder: undefined, entries: [], total: 0, next: undefined, status: "loading" };
}

/** Adds a page that was asked for with `after` (undefined: the first one, which replaces everything). */
export function addPage(state: ListingState, page: Listing, after: string | undefined): ListingState {
  const kept = after === undefined ? [] : state.entries.filter((entry) => compareBytes(entry.name, after) <= 0);
  const entries = [...kept, ...page.entries];
  const next = page.next ?? null;
  const total = next === null ? entries.length : Math.max(page.total ?? state.total, entries.length);
  return { path: state.path, folder: page.folder, entries, total, next, status: "ready" };
}

/** Puts an entry in, or another one of the same name out for it. */
export function putEntry(state: ListingState, entry: Entry): ListingState {
  const at = placeOf(state.entries, entry.name);
  const old = state.entries[at];
  if (old?.name === entry.name) return { ...state, entries: state.entries.map((one, index) => (index === at ? { ...old, ...entry } : one)) };
  if (state.next === undefined) return state;
  const total = state.total + 1;
  if (state.next !== null && at === state.entries.length) return { ...state, total };
  return { ...state, total, entries: [...state.entries.slice(0, at), entry, ...state.entries.slice(at)] };
}

/** Takes the entry of this name out; `id` guards against another one that has the name by now. */
export function dropEntry(state: ListingState, name: string, id?: string): ListingState {
  const at = placeOf(state.entries, name);
  const old = state.entries[at];
  if (old?.name !== name) {
    const is_unread = typeof state.next === "string" && compareBytes(name, state.next) > 0;
    return is_unread ? { ...state, total: Math.max(state.total - 1, state.entries.length) } : state;
  }
  if (id !== undefined && old.id !== id) return state;
  return { ...state, total: state.total - 1, entries: state.entries.filter((_, index) => index !== at) };
}

/** Where a name is, or where it belongs: 0 … entries.length. O(log n). */
function placeOf(entries: readonly Entry[], name: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(entries[middle]!.name, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
