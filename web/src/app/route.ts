/**
 * Where in the page we are: `#/drive/Research/notes?open=42`. The address lives behind the hash, so any server
 * that serves index.html is enough, and every view can be linked and reloaded.
 */
import { encodePath } from "../api/operations";
import { createStore, useStore } from "./store";

export const views = ["drive", "graph", "search", "cluster", "shards", "trash", "admin"] as const;
export type View = (typeof views)[number];

export interface Route {
  view: View;
  /** Drive path in the drive ("/a/b", root "/"); the tab in admin ("/users"). */
  path: string;
  params: Record<string, string>;
}

export function parseRoute(hash: string): Route {
  const [address = "", tail = ""] = hash.replace(/^#/, "").split("?", 2);
  const [, first = "", ...rest] = address.split("/");
  const view = views.find((name) => name === first) ?? "drive";
  const path = "/" + rest.filter(Boolean).map(decode).join("/");
  return { view, path, params: Object.fromEntries(new URLSearchParams(tail)) };
}

export function hashOf(view: View, path = "/", params: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (value) search.set(key, value);
  const inner = encodePath(path);
  const tail = search.toString();
  return `#/${view}${inner ? `/${inner}` : ""}${tail ? `?${tail}` : ""}`;
}

const route = createStore<Route>({ view: "drive", path: "/", params: {} });

export function startRoute(): void {
  const read = () => route.set(parseRoute(location.hash));
  window.addEventListener("hashchange", read);
  read();
}

export function useRoute(): Route {
  return useStore(route);
}

export function currentRoute(): Route {
  return route.get();
}

export function go(view: View, path?: string, params?: Record<string, string | undefined>): void {
  location.hash = hashOf(view, path, params);
}

/** Changes parameters of the current address without a new step in the browser's history. */
export function setParams(params: Record<string, string | undefined>): void {
  const now = route.get();
  const hash = hashOf(now.view, now.path, { ...now.params, ...params });
  history.replaceState(null, "", hash);
  route.set(parseRoute(hash));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
