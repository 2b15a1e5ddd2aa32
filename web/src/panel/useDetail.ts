import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";

/** Everything known of a file or folder; live events keep it true. */
export function useDetail(id: string) {
  return useQuery({ queryKey: keys.detail(id), queryFn: ({ signal }) => api.node(id, signal) });
}
