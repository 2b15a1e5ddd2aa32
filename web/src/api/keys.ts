/** The names under which answers are kept (TanStack Query), so that live events find them. */

export const keys = {
  detail: (id: string) => ["detail", id] as const,
  details: ["detail"] as const,
  places: (id: string) => ["places", id] as const,
  allPlaces: ["places"] as const,
  versions: (id: string) => ["versions", id] as const,
  text: (id: string, version: number | undefined) => ["text", id, version] as const,
  tags: (prefix: string) => ["tags", prefix] as const,
  allTags: ["tags"] as const,
  plainTags: ["plain_tags"] as const,
  search: (q: string) => ["search", q] as const,
  searchPages: (q: string) => ["search_pages", q] as const,
  cluster: ["cluster"] as const,
  graph: ["graph"] as const,
  trash: ["trash"] as const,
  users: ["users"] as const,
  groups: ["groups"] as const,
  grants: (path: string) => ["grants", path] as const,
};
