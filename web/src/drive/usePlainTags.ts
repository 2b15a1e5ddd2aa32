import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import { plainNames } from "../panel/tag_order";

const tags_max = 1000;
const fresh_ms = 300_000;

/** Names of tags that nearly every file has ("English", "PNG"): rows show them last. */
export function usePlainTags(): ReadonlySet<string> {
  const { data } = useQuery({
    queryKey: keys.plainTags,
    queryFn: async ({ signal }) => plainNames((await api.tags("", tags_max, signal)).tags ?? []),
    staleTime: fresh_ms,
  });
  return data ?? none;
}

const none: ReadonlySet<string> = new Set();
