/** The API over the mock's world: [method, pattern, handler(request) → answer]. {path} takes slashes. */
import { driveGraph, largeGraph } from "./graph.mjs";
import { nameOf, parentOf } from "./world.mjs";

export class Refusal extends Error {
  constructor(status, code, title, detail, hint, headers = {}) {
    super(title);
    Object.assign(this, { status, code, title, detail, hint, headers });
  }
}
const notFound = (what) => new Refusal(404, "not_found", "Not found", what, "Look in the folder above.");

export function routes(world, cluster, options) {
  let failures = 0;
  const entryAt = (path) => world.at(path) ?? fail(notFound(path));
  const node = (id) => world.entries.get(id) ?? fail(notFound(`node ${id}`));
  const body = (request) => JSON.parse(request.body.toString() || "{}");

  return [
    ["GET", "/health", () => ({ json: { status: "ok", can_read: true, can_write: true, version: "mock", event: world.event } })],
    ["POST", "/login", (request) => {
      const { user, password } = body(request);
      if (failures > 5) throw new Refusal(429, "too_many", "Too many tries", undefined, undefined, { "Retry-After": "30" });
      if (world.passwords.get(user) !== password) {
        failures += 1;
        throw new Refusal(401, "unauthenticated", "Wrong name or password");
      }
      failures = 0;
      return { json: { token: user, expires: new Date(Date.now() + 86_400_000).toISOString() }, headers: { "Set-Cookie": `disgrafs_session=${user}; HttpOnly; SameSite=Strict; Path=/` } };
    }],
    ["POST", "/logout", () => ({ status: 204, headers: { "Set-Cookie": "disgrafs_session=; Path=/; Max-Age=0" } })],
    ["GET", "/me", (request) => ({ json: request.user })],
    ["PUT", "/me/password", (request) => {
      if (world.passwords.get(request.user.name) !== body(request).old) throw new Refusal(403, "denied", "Wrong password");
      world.passwords.set(request.user.name, body(request).new);
      return { status: 204 };
    }],
    ["GET", "/files/{path}", (request) => {
      const entry = entryAt(request.path);
      if (entry.kind === "folder") throw new Refusal(409, "conflict", "This is a folder", request.path);
      const name = encodeURIComponent(entry.name);
      const headers = { "Content-Type": entry.media_type, ...(request.query.get("download") && { "Content-Disposition": `attachment; filename*=UTF-8''${name}` }) };
      return { bytes: entry.body ?? Buffer.alloc(0), headers, range: request.headers.range };
    }],
    ["HEAD", "/files/{path}", (request) => (entryAt(request.path), { status: 200 })],
    ["PUT", "/files/{path}", (request) => {
      const known = world.at(request.path);
      if (known?.kind === "folder") throw new Refusal(409, "conflict", "A folder has this name", request.path);
      if (known && request.headers["if-none-match"] === "*") throw new Refusal(412, "conflict", "The name is taken", request.path, "Choose another name.");
      if (request.path.includes("full")) throw new Refusal(507, "exhausted", "No space", "Your quota of 10 GB is used up.", "Delete something, or ask an administrator for more space.");
      if (!cluster.shown().can_write) throw new Refusal(503, "unavailable", "Too few storage nodes are up", "3 of 6 are away", undefined, { "Retry-After": "2" });
      const type = { md: "text/markdown", txt: "text/plain", png: "image/png", pdf: "application/pdf" }[request.path.split(".").pop()] ?? "application/octet-stream";
      const { entry, is_new } = world.put(request.path, request.body, request.user.name, type);
      return { status: is_new ? 201 : 200, json: entry };
    }],
    ["DELETE", "/files/{path}", (request) => (world.remove(entryAt(request.path), request.user.name), { status: 204 })],
    ["GET", "/folders/{path}", (request) => {
      if (entryAt(request.path).kind !== "folder") throw notFound(request.path);
      return { json: world.list(request.path, request.query.get("after") ?? undefined, Number(request.query.get("limit") ?? 200)) };
    }],
    ["POST", "/folders/{path}", (request) => {
      if (world.at(request.path)) throw new Refusal(409, "conflict", "The name is taken", request.path, "Choose another name.");
      const entry = world.shown(world.addFolder(request.path));
      world.tell({ type: "folder.created", entry });
      return { status: 201, json: entry };
    }],
    ["GET", "/entries/{path}", (request) => ({ json: world.detail(entryAt(request.path)) })],
    ["POST", "/move", (request) => {
      const { from, to } = body(request);
      const entry = entryAt(from);
      if (world.at(to)) throw new Refusal(409, "conflict", "The name is taken", `“${nameOf(to)}” is there already.`, "Choose another name.");
      if (to.startsWith(`${from}/`)) throw new Refusal(400, "invalid", "A folder cannot move into itself", to);
      entryAt(parentOf(to));
      world.move(entry, to);
      return { json: world.shown(entry) };
    }],
    ["GET", "/nodes/{id}", (request) => ({ json: world.detail(node(request.parts.id)) })],
    ["GET", "/nodes/{id}/neighbours", (request) => {
      const graph = driveGraph(world, 5000);
      const { id } = request.parts;
      const edges = graph.edges.filter((edge) => edge.from === id || edge.to === id);
      const near = new Set([id, ...edges.flatMap((edge) => [edge.from, edge.to])]);
      return { json: { ...graph, nodes: graph.nodes.filter((one) => near.has(one.id)), edges } };
    }],
    ["GET", "/nodes/{id}/places", (request) => ({ json: cluster.places(node(request.parts.id)) })],
    ["GET", "/nodes/{id}/versions", (request) => {
      const entry = node(request.parts.id);
      const versions = Array.from({ length: entry.version }, (_, at) => ({ version: entry.version - at, size: Math.round(entry.size * (1 - at * 0.1)), sha256: entry.sha256, created: new Date(Date.parse(entry.modified) - at * 86_400_000).toISOString(), by: entry.owner, current: at === 0 }));
      return { json: { versions } };
    }],
    ["POST", "/nodes/{id}/versions/{version}/restore", (request) => {
      const entry = node(request.parts.id);
      entry.version += 1;
      return { json: world.shown(entry) };
    }],
    ["GET", "/nodes/{id}/text", (request) => ({ bytes: node(request.parts.id).body, headers: { "Content-Type": "text/plain; charset=utf-8" } })],
    ["POST", "/nodes/{id}/tags", (request) => {
      const entry = node(request.parts.id);
      const tag = world.fileTag(body(request).name, 1, `user:${request.user.name}`);
      tag.kind = "user";
      entry.file_tags = [...entry.file_tags.filter((one) => one.id !== tag.id), tag];
      tellTags(entry);
      return { status: 201, json: tag };
    }],
    ["PUT", "/nodes/{id}/tags/{tag}", (request) => {
      const entry = node(request.parts.id);
      const tag = entry.file_tags.find((one) => one.name === request.parts.tag) ?? fail(notFound("tag"));
      tag.state = body(request).state;
      tellTags(entry);
      return { json: tag };
    }],
    ["DELETE", "/nodes/{id}/tags/{tag}", (request) => {
      const entry = node(request.parts.id);
      entry.file_tags = entry.file_tags.filter((one) => one.name !== request.parts.tag);
      tellTags(entry);
      return { status: 204 };
    }],
    ["POST", "/nodes/{id}/analyse", (request) => (world.analyse(node(request.parts.id)), { status: 202 })],
    ["GET", "/tags", (request) => {
      const prefix = (request.query.get("prefix") ?? "").toLowerCase();
      const count = (name) => [...world.by_path.values()].filter((entry) => entry.file_tags.some((tag) => tag.name === name)).length;
      const tags = [...world.tags.values()].filter((tag) => tag.name.toLowerCase().startsWith(prefix)).map((tag) => ({ ...tag, files: count(tag.name) }));
      return { json: { tags: tags.sort((a, b) => b.files - a.files).slice(0, Number(request.query.get("limit") ?? 100)) } };
    }],
    ["GET", "/search", (request) => ({ json: search(world, request.query) })],
    ["GET", "/graph", (request) => ({ json: options.graph ? largeGraph(...options.graph) : driveGraph(world, Number(request.query.get("limit") ?? 5000)) })],
    ["GET", "/cluster", () => ({ json: cluster.shown() })],
    ["GET", "/trash", () => ({ json: { entries: [...world.trash].map(([id, { deleted, by, from }]) => ({ entry: world.shown(world.entries.get(id)), deleted, by, from })).reverse() } })],
    ["DELETE", "/trash/{id}", (request) => (world.trash.delete(request.parts.id), { status: 204 })],
    ["POST", "/trash/{id}/restore", (request) => {
      if (!world.trash.has(request.parts.id)) throw notFound("trash");
      return { json: world.shown(world.restore(request.parts.id)) };
    }],
    ["GET", "/users", (request) => ({ json: { users: request.user.role === "admin" ? world.users : [request.user] } })],
    ["POST", "/users", (request) => {
      const { password, ...user } = body(request);
      if (world.users.some((one) => one.name === user.name)) throw new Refusal(409, "conflict", "The name is taken", user.name);
      world.users.push({ role: "user", home: `/home/${user.name}`, used_bytes: 0, groups: [], ...user });
      world.passwords.set(user.name, password);
      return { status: 201, json: world.users.at(-1) };
    }],
    ["PATCH", "/users/{name}", (request) => {
      const user = world.users.find((one) => one.name === request.parts.name) ?? fail(notFound(request.parts.name));
      const { password, ...fields } = body(request);
      return { json: Object.assign(user, fields) };
    }],
    ["GET", "/groups", () => ({ json: { groups: world.groups } })],
    ["POST", "/groups", (request) => (world.groups.push({ name: body(request).name, members: [] }), { status: 201, json: world.groups.at(-1) })],
    ["PUT", "/groups/{name}/members/{user}", (request) => (group(request).members.push(request.parts.user), { status: 204 })],
    ["DELETE", "/groups/{name}/members/{user}", (request) => {
      const found = group(request);
      found.members = found.members.filter((one) => one !== request.parts.user);
      return { status: 204 };
    }],
    ["GET", "/grants", (request) => ({ json: { grants: world.grants.filter((one) => one.path === request.query.get("path")) } })],
    ["POST", "/grants", (request) => {
      const grant = body(request);
      world.grants = [...world.grants.filter((one) => one.path !== grant.path || one.principal !== grant.principal), grant];
      return { status: 201, json: grant };
    }],
    ["DELETE", "/grants", (request) => {
      world.grants = world.grants.filter((one) => one.path !== request.query.get("path") || one.principal !== request.query.get("principal"));
      return { status: 204 };
    }],
  ];

  function group(request) {
    return world.groups.find((one) => one.name === request.parts.name) ?? fail(notFound(request.parts.name));
  }

  function tellTags(entry) {
    world.link();
    const { file_tags, similar } = world.detail(entry);
    world.tell({ type: "file.tagged", id: entry.id, path: entry.path, entry: world.shown(entry), file_tags, similar });
  }
}

function fail(error) {
  throw error;
}

function search(world, query) {
  const tokens = query.get("q").match(/(?:\w+:)?"[^"]*"?|\S+/g) ?? [];
  const clean = (token) => token.replace(/^\w+:/, "").replaceAll('"', "").toLowerCase();
  const of = (field) => tokens.filter((token) => token.startsWith(`${field}:`)).map(clean);
  const words = tokens.filter((token) => !/^(tag|type|in):/.test(token)).map(clean).filter(Boolean);
  const is_text = (entry) => /^text|json/.test(entry.media_type ?? "");
  const hits = [...world.by_path.values()].filter((entry) => {
    if (entry.path === "/") return false;
    const tags = entry.file_tags.filter((tag) => tag.state !== "rejected").map((tag) => tag.name.toLowerCase());
    const text = `${entry.name} ${tags.join(" ")} ${is_text(entry) ? entry.body.toString() : ""}`.toLowerCase();
    return words.every((word) => text.includes(word)) && of("tag").every((tag) => tags.includes(tag)) &&
      of("type").every((type) => (entry.media_type ?? "").includes(type)) && of("in").every((folder) => entry.path.toLowerCase().startsWith(`${folder}/`));
  });
  const counts = new Map();
  for (const hit of hits) for (const tag of hit.file_tags) if (tag.kind !== "language") counts.set(tag.name, (counts.get(tag.name) ?? 0) + 1);
  const offset = Number(query.get("offset") ?? 0);
  const shown = hits.slice(offset, offset + Number(query.get("limit") ?? 20));
  return {
    total: hits.length, took_ms: 3.2, event: world.event,
    hits: shown.map((entry, at) => ({ id: entry.id, path: entry.path, name: entry.name, kind: entry.kind, score: 9 - at, size: entry.size, media_type: entry.media_type, modified: entry.modified, tags: world.shown(entry).tags, snippet: snippet(is_text(entry) ? entry.body.toString() : "", words) })),
    facets: [...counts].map(([tag, count]) => ({ tag, count })).filter(({ count }) => count < hits.length).sort((a, b) => b.count - a.count).slice(0, 10),
  };
}

function snippet(text, words) {
  const flat = text.replace(/\s+/g, " ");
  const at = words.length > 0 ? flat.toLowerCase().indexOf(words[0]) : -1;
  if (at < 0) return flat.slice(0, 140);
  let part = flat.slice(Math.max(0, at - 50), at + 110);
  for (const word of words) part = part.replace(new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi"), (found) => `\u0002${found}\u0003`);
  return part;
}
