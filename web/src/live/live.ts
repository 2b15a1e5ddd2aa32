/**
 * The page's live connection and what follows it: cached answers, folder listings, and views that listen.
 *
 * Events are applied in order, in batches of at most 50 ms, so that a thousand uploads cost twenty renderings a
 * second and not a thousand. "lagged" means that events are lost: then everything shown is fetched again.
 */
import { QueryClient } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import { asApiError } from "../api/problem";
import type { Cluster, Detail } from "../api/types";
import { createStore, useStore } from "../app/store";
import { Listings } from "../drive/listings";
import { uploads } from "../upload/uploads";
import type { LiveEvent } from "./events";
import { changesOf, reduceCluster, reduceDetail } from "./reduce";
import { LiveSocket, type LiveStatus, type Wire } from "./socket";

const batch_ms = 50;
const retries_max = 2;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      networkMode: "always",
      refetchOnWindowFocus: false,
      retry: (count, error) => count < retries_max && [0, 502, 503, 504].includes(asApiError(error).status),
      retryDelay: (attempt) => 600 * 2 ** attempt,
    },
    mutations: { networkMode: "always" },
  },
});
export const listings = new Listings((path, after, limit) => api.list(path, after, limit));
export const liveStatus = createStore<LiveStatus>("connecting");
const listeners = new Set<(events: readonly LiveEvent[]) => void>();
let waiting: LiveEvent[] = [];

const socket = new LiveSocket({
  open: (after) => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return new WebSocket(`${scheme}://${location.host}/ws${after === undefined ? "" : `?after=${after}`}`) as Wire;
  },
  probe: () => api.health(),
  onEvent: (event) => {
    if (waiting.push(event) === 1) setTimeout(flush, batch_ms);
  },
  onStatus: (status) => {
    liveStatus.set(status);
    // A refused handshake looks like a broken one; asking tells whether the session has ended.
    if (status === "offline") void api.me().catch(() => undefined);
  },
});

/** Connects; `after` is the newest event that the session knows of. Returns what stops it. */
export function startLive(after: number | undefined): () => void {
  const hurry = () => {
    if (document.visibilityState === "visible") socket.hurry();
  };
  const suspect = () => socket.suspect();
  window.addEventListener("online", hurry);
  window.addEventListener("offline", suspect);
  document.addEventListener("visibilitychange", hurry);
  socket.connect(after);
  return () => {
    window.removeEventListener("online", hurry);
    window.removeEventListener("offline", suspect);
    document.removeEventListener("visibilitychange", hurry);
    socket.stop();
    waiting = [];
    queries.clear();
    listings.clear();
  };
}

/** `listener` gets every batch from now on. Returns what ends it. */
export function onLive(listener: (events: readonly LiveEvent[]) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function retryLive(): void {
  socket.hurry();
}

export function useLiveStatus(): LiveStatus {
  return useStore(liveStatus);
}

function flush(): void {
  const events = waiting;
  waiting = [];
  for (const event of events) apply(event);
  for (const listener of [...listeners]) listener(events);
}

function apply(event: LiveEvent): void {
  for (const change of changesOf(event)) listings.apply(change);
  queries.setQueriesData<Detail>({ queryKey: keys.details }, (detail) => detail && reduceDetail(detail, event));
  const before = queries.getQueryData<Cluster>(keys.cluster);
  if (before) queries.setQueryData<Cluster>(keys.cluster, reduceCluster(before, event));
  switch (event.type) {
    case "hello":
      // Members and repair have no event numbers: what happened while we were away is not told again.
      void queries.invalidateQueries({ queryKey: keys.cluster });
      listings.retryFailed();
      uploads.online();
      break;
    case "lagged":
      void queries.invalidateQueries();
      listings.reloadAll();
      break;
    case "file.changed":
      void queries.invalidateQueries({ queryKey: keys.places(event.entry.id) });
      void queries.invalidateQueries({ queryKey: keys.versions(event.entry.id) });
      break;
    case "file.tagged":
      void queries.invalidateQueries({ queryKey: keys.allTags });
      break;
    case "entry.deleted":
      listings.forget(event.path);
      void queries.invalidateQueries({ queryKey: keys.trash });
      break;
    case "entry.moved":
      if (event.entry.kind === "folder") listings.forget(event.from);
      break;
    case "member":
      // A member tells its state often; only a change of it changes margins and places.
      if (before?.members?.find((one) => one.id === event.member.id)?.state === event.member.state) break;
      void queries.invalidateQueries({ queryKey: keys.cluster });
      void queries.invalidateQueries({ queryKey: keys.allPlaces });
      break;
    default:
  }
}
