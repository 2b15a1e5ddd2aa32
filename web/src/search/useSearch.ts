import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import { useDebounced } from "../app/useDebounced";
import { tagBeingTyped } from "./query";

const instant_hits = 8;
const page_hits = 30;
const typing_pause_ms = 120;
const suggestions_max = 6;

/** The best hits while the person types; the last answer stays until the next one comes. */
export function useInstantSearch(text: string, enabled: boolean) {
  const settled = useDebounced(text, typing_pause_ms);
  const q = settled.trim();
  const is_typing_tag = tagBeingTyped(settled) !== undefined;
  return useQuery({
    queryKey: keys.search(q),
    queryFn: ({ signal }) => api.search(q, instant_hits, 0, signal),
    enabled: enabled && q !== "" && !is_typing_tag,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
}

/** All hits, a page at a time. */
export function useSearchPages(q: string) {
  return useInfiniteQuery({
    queryKey: keys.searchPages(q),
    queryFn: ({ pageParam, signal }) => api.search(q, page_hits, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, page) => sum + page.hits.length, 0);
      return last.hits.length > 0 && read < last.total ? read : undefined;
    },
    enabled: q !== "",
    staleTime: 5_000,
    retry: false,
  });
}

/** Tags that begin like the one being typed; undefined when none is. */
export function useTagSuggestions(text: string) {
  const typed = tagBeingTyped(text);
  const prefix = useDebounced(typed, typing_pause_ms);
  const { data } = useQuery({
    queryKey: keys.tags(prefix ?? ""),
    queryFn: ({ signal }) => api.tags(prefix ?? "", suggestions_max, signal),
    enabled: prefix !== undefined,
  });
  return typed === undefined ? undefined : (data?.tags ?? []).filter((tag) => tag.name).slice(0, suggestions_max);
}
