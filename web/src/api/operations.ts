/**
 * Every operation of the API that the page uses: method and path as src/gateway/openapi.yaml writes them.
 * api/operations.test.ts proves that each one exists there under the same name.
 */

export type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE" | "HEAD";

export interface Operation {
  method: Method;
  path: string;
}

export const operations = {
  health: { method: "GET", path: "/health" },
  login: { method: "POST", path: "/login" },
  logout: { method: "POST", path: "/logout" },
  me: { method: "GET", path: "/me" },
  change_password: { method: "PUT", path: "/me/password" },
  put_file: { method: "PUT", path: "/files/{path}" },
  get_file: { method: "GET", path: "/files/{path}" },
  head_file: { method: "HEAD", path: "/files/{path}" },
  delete: { method: "DELETE", path: "/files/{path}" },
  list_folder: { method: "GET", path: "/folders/{path}" },
  make_folder: { method: "POST", path: "/folders/{path}" },
  entry: { method: "GET", path: "/entries/{path}" },
  move: { method: "POST", path: "/move" },
  node: { method: "GET", path: "/nodes/{id}" },
  neighbours: { method: "GET", path: "/nodes/{id}/neighbours" },
  places: { method: "GET", path: "/nodes/{id}/places" },
  versions: { method: "GET", path: "/nodes/{id}/versions" },
  restore_version: { method: "POST", path: "/nodes/{id}/versions/{version}/restore" },
  text: { method: "GET", path: "/nodes/{id}/text" },
  add_tag: { method: "POST", path: "/nodes/{id}/tags" },
  judge_tag: { method: "PUT", path: "/nodes/{id}/tags/{tag}" },
  remove_tag: { method: "DELETE", path: "/nodes/{id}/tags/{tag}" },
  analyse_again: { method: "POST", path: "/nodes/{id}/analyse" },
  tags: { method: "GET", path: "/tags" },
  search: { method: "GET", path: "/search" },
  graph: { method: "GET", path: "/graph" },
  cluster: { method: "GET", path: "/cluster" },
  trash: { method: "GET", path: "/trash" },
  purge: { method: "DELETE", path: "/trash/{id}" },
  restore: { method: "POST", path: "/trash/{id}/restore" },
  users: { method: "GET", path: "/users" },
  add_user: { method: "POST", path: "/users" },
  change_user: { method: "PATCH", path: "/users/{name}" },
  groups: { method: "GET", path: "/groups" },
  add_group: { method: "POST", path: "/groups" },
  add_member: { method: "PUT", path: "/groups/{name}/members/{user}" },
  remove_member: { method: "DELETE", path: "/groups/{name}/members/{user}" },
  grants: { method: "GET", path: "/grants" },
  grant: { method: "POST", path: "/grants" },
  revoke: { method: "DELETE", path: "/grants" },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

export const api_base = "/api/v1";

export type Query = Record<string, string | number | undefined>;

/** Percent-encodes a drive path segment by segment, without leading slash: "/a b/ü" → "a%20b/%C3%BC". */
export function encodePath(path: string): string {
  return path.split("/").filter(Boolean).map(encodeSegment).join("/");
}

/** The address of an operation; `parts` fill its {placeholders} ({path} may hold slashes). */
export function urlOf(name: OperationName, parts: Record<string, string> = {}, query: Query = {}): string {
  const path = operations[name].path.replace(/\{(\w+)\}/g, (_, part: string) => {
    const value = parts[part] ?? "";
    return part === "path" ? encodePath(value) : encodeSegment(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) search.set(key, String(value));
  }
  const tail = search.toString();
  return api_base + path + (tail ? `?${tail}` : "");
}

/** encodeURIComponent throws at half a surrogate pair, which names from a disk may hold. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"));
}
