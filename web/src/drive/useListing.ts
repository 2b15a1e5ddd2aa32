import { useEffect, useMemo, useSyncExternalStore } from "react";
import { listings } from "../live/live";
import type { ListingState } from "./listing";

/** What is known of a folder; reading it begins when it is first shown. */
export function useListing(path: string): ListingState {
  const store = useMemo(() => listings.open(path), [path]);
  useEffect(() => listings.watch(path), [path]);
  return useSyncExternalStore(store.subscribe, store.get);
}
