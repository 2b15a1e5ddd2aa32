/**
 * The API as functions, one per operation, in the order of openapi.yaml. `path` is a drive path ("/a/b"),
 * `id` a node id. Errors: ApiError.
 */
import { call, send } from "./call";
import { urlOf } from "./operations";
import type * as T from "./types";

type Signal = AbortSignal | undefined;

/** The server copies the bytes of a version: a large one takes its time. */
const restore_ms = 3_600_000;

export const api = {
  health: (signal?: Signal) => call<T.Health>("health", { signal, timeout: 8_000 }),
  login: (body: T.Login) => call<T.Session>("login", { body }),
  logout: () => call<void>("logout"),
  me: () => call<T.User>("me"),
  changePassword: (old: string, fresh: string) => call<void>("change_password", { body: { old, new: fresh } }),

  /** Bytes `from`…`to` (inclusive) of a file as text; UTF-8, broken sequences replaced. */
  fileText: async (path: string, to: number, signal?: Signal) => {
    const headers = to >= 0 ? { Range: `bytes=0-${to}` } : undefined;
    const response = await send("get_file", { parts: { path }, signal, ...(headers && { headers }) });
    return response.text();
  },
  fileBlob: async (path: string, signal?: Signal) =>
    (await send("get_file", { parts: { path }, signal, timeout: 120_000 })).blob(),
  fileUrl: (path: string, version?: number) => urlOf("get_file", { path }, { version }),
  downloadUrl: (path: string, version?: number) => urlOf("get_file", { path }, { download: 1, version }),
  remove: (path: string) => call<void>("delete", { parts: { path } }),

  list: (path: string, after: string | undefined, limit: number, signal?: Signal) =>
    call<T.Listing>("list_folder", { parts: { path }, query: { after, limit }, signal }),
  makeFolder: (path: string) => call<T.Entry>("make_folder", { parts: { path } }),
  entry: (path: string, signal?: Signal) => call<T.Detail>("entry", { parts: { path }, signal }),
  move: (from: string, to: string) => call<T.Entry>("move", { body: { from, to } }),

  node: (id: string, signal?: Signal) => call<T.Detail>("node", { parts: { id }, signal }),
  neighbours: (id: string, limit: number, signal?: Signal) =>
    call<T.Graph>("neighbours", { parts: { id }, query: { depth: 1, limit }, signal }),
  places: (id: string, signal?: Signal) => call<T.Places>("places", { parts: { id }, signal }),
  versions: (id: string, signal?: Signal) => call<{ versions?: T.Version[] }>("versions", { parts: { id }, signal }),
  restoreVersion: (id: string, version: number) =>
    call<T.Entry>("restore_version", { parts: { id, version: String(version) }, timeout: restore_ms }),
  text: async (id: string, signal?: Signal) => (await send("text", { parts: { id }, signal })).text(),
  addTag: (id: string, name: string) => call<T.FileTag>("add_tag", { parts: { id }, body: { name } }),
  judgeTag: (id: string, tag: string, state: T.TagState) =>
    call<T.FileTag>("judge_tag", { parts: { id, tag }, body: { state } }),
  removeTag: (id: string, tag: string) => call<void>("remove_tag", { parts: { id, tag } }),
  analyseAgain: (id: string) => call<void>("analyse_again", { parts: { id } }),

  tags: (prefix: string, limit: number, signal?: Signal) =>
    call<{ tags?: T.Tag[] }>("tags", { query: { prefix: prefix || undefined, limit }, signal }),
  search: (q: string, limit: number, offset: number, signal?: Signal) =>
    call<T.SearchAnswer>("search", { query: { q, limit, offset }, signal }),
  graph: (limit: number, signal?: Signal) => call<T.Graph>("graph", { query: { limit }, signal, timeout: 60_000 }),
  cluster: (signal?: Signal) => call<T.Cluster>("cluster", { signal }),

  trash: (signal?: Signal) => call<{ entries?: T.TrashEntry[] }>("trash", { signal }),
  purge: (id: string) => call<void>("purge", { parts: { id } }),
  restore: (id: string) => call<T.Entry>("restore", { parts: { id } }),

  users: (signal?: Signal) => call<{ users?: T.User[] }>("users", { signal }),
  addUser: (body: { name: string; password: string; role: T.Role; quota_bytes: number }) =>
    call<T.User>("add_user", { body }),
  changeUser: (name: string, body: { role?: T.Role; quota_bytes?: number; password?: string; disabled?: boolean }) =>
    call<T.User>("change_user", { parts: { name }, body }),
  groups: (signal?: Signal) => call<{ groups?: T.Group[] }>("groups", { signal }),
  addGroup: (name: string) => call<T.Group>("add_group", { body: { name } }),
  addMember: (name: string, user: string) => call<void>("add_member", { parts: { name, user } }),
  removeMember: (name: string, user: string) => call<void>("remove_member", { parts: { name, user } }),
  grants: (path: string, signal?: Signal) => call<{ grants?: T.Grant[] }>("grants", { query: { path }, signal }),
  grant: (body: T.Grant) => call<T.Grant>("grant", { body }),
  revoke: (path: string, principal: string) => call<void>("revoke", { query: { path, principal } }),
};
