/**
 * The mock's drive: entries, tags, trash, users, events, all in memory. Only what the page can see of a server; it
 * stores no shards and checks little. Used by mock/routes.mjs.
 */
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import { pdf, png, wav } from "./bytes.mjs";
import { samples } from "./samples.mjs";

const start = Date.now();
/** ms that an analysis takes. */
const analysis_ms = 1200;

export class World extends EventEmitter {
  constructor({ big = 0, is_empty = false } = {}) {
    super();
    this.event = 100;
    this.events = [];
    this.ids = 1;
    this.entries = new Map();
    this.by_path = new Map();
    this.tags = new Map();
    this.trash = new Map();
    this.analysis = { queued: 0, running: 0, failed: 1, workers: 2 };
    this.users = [
      { id: "9001", name: "admin", role: "admin", home: "/", quota_bytes: 0, used_bytes: 48_200_000, groups: ["lab"] },
      { id: "9002", name: "mei", role: "user", home: "/", quota_bytes: 10_000_000_000, used_bytes: 2_345_000_000, groups: ["lab"] },
      { id: "9003", name: "tomas", role: "user", home: "/", quota_bytes: 5_000_000_000, used_bytes: 120_000_000, groups: [] },
    ];
    this.passwords = new Map([["admin", "admin-password"], ["mei", "mei-password"]]);
    this.groups = [{ name: "lab", members: ["admin", "mei"] }];
    this.grants = [{ path: "/Research", principal: "group:lab", read: true, write: true, share: false }];
    this.big = big;
    this.root = this.addFolder("/");
    if (!is_empty) for (const [at, sample] of samples.entries()) this.addSample(sample, at);
    if (big > 0) this.addFolder("/Archive").children = big;
    this.link();
  }

  // Events --------------------------------------------------------------------------------------------------

  tell(message) {
    this.event += 1;
    const event = { ...message, event: this.event };
    this.events.push(event);
    this.emit("event", event);
  }

  tellState(message) {
    this.emit("event", message);
  }

  // Entries -------------------------------------------------------------------------------------------------

  at(path) {
    const entry = this.by_path.get(path);
    if (entry) return entry;
    const found = /^\/Archive\/(.+)$/.exec(path);
    return found && this.big > 0 ? bigEntry(Number(/\d+/.exec(found[1])?.[0] ?? 0)) : undefined;
  }

  addFolder(path) {
    const known = this.by_path.get(path);
    if (known) return known;
    if (path !== "/") this.addFolder(parentOf(path));
    return this.keep({ kind: "folder", path, name: nameOf(path), owner: "admin", created: time(90), modified: time(3) });
  }

  addSample(sample, at) {
    const body = sample.body ?? (sample.pdf ? pdf(sample.pdf) : sample.png ? png(...sample.png) : sample.wav ? wav(sample.wav) : Buffer.from("PK"));
    this.addFolder(parentOf(sample.path));
    const entry = this.keep({
      kind: "file", path: sample.path, name: nameOf(sample.path), owner: at % 3 ? "admin" : "mei", size: sample.size ?? body.length,
      media_type: sample.type, created: time(60 - at), modified: time((at * 37) % 29), version: at % 5 === 0 ? 3 : 1, analysed: sample.analysed ?? "ok",
      sha256: createHash("sha256").update(body).digest("hex"), etag: `"${at}"`,
    });
    entry.body = body;
    entry.properties = sample.properties ?? {};
    entry.analysis = { status: entry.analysed, reason: sample.reason ?? "", by: "text/1.2", attempts: sample.reason ? 3 : 1 };
    entry.file_tags = sample.tags.map(([name, score]) => this.fileTag(name, score));
    return entry;
  }

  fileTag(name, score, by = "keyphrase/1.2") {
    const kind = score === 1 ? (/^[A-Z+]/.test(name) && name.length < 8 ? "language" : "language") : "keyphrase";
    if (!this.tags.has(name)) this.tags.set(name, { id: String(50_000 + this.tags.size), name, kind });
    return { ...this.tags.get(name), score, by, state: by.startsWith("user") ? "accepted" : "proposed" };
  }

  keep(fields) {
    const entry = { id: String(this.ids++), may: { read: true, write: true, share: true }, file_tags: [], similar: [], ...fields };
    this.entries.set(entry.id, entry);
    this.by_path.set(entry.path, entry);
    return entry;
  }

  childrenOf(path) {
    const prefix = path === "/" ? "/" : `${path}/`;
    return [...this.by_path.values()]
      .filter((entry) => entry.path !== "/" && entry.path.startsWith(prefix) && !entry.path.slice(prefix.length).includes("/"))
      .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  }

  list(path, after, limit) {
    if (path === "/Archive" && this.big > 0) return bigPage(this, after, limit);
    const all = this.childrenOf(path);
    const from = after === undefined ? 0 : all.findIndex((entry) => Buffer.compare(Buffer.from(entry.name), Buffer.from(after)) > 0);
    const page = from < 0 ? [] : all.slice(from, from + limit);
    const is_end = from < 0 || from + limit >= all.length;
    return { folder: this.shown(this.by_path.get(path)), entries: page.map((entry) => this.shown(entry)), total: all.length, next: is_end ? null : page.at(-1).name };
  }

  /** An Entry as the API shows it. */
  shown(entry) {
    const { body, properties, file_tags, similar, analysis, references, versions, ...rest } = entry;
    const tags = file_tags.filter((tag) => tag.state !== "rejected" && tag.kind !== "language").slice(0, 5).map((tag) => tag.name);
    const children = entry.kind === "folder" ? { children: entry.path === "/Archive" ? this.big : this.childrenOf(entry.path).length } : {};
    return { ...rest, tags, ...children };
  }

  detail(entry) {
    const similar = entry.similar.map((one) => ({ ...one, entry: this.shown(this.entries.get(one.id) ?? entry) }));
    return { ...this.shown(entry), properties: entry.properties ?? {}, file_tags: entry.file_tags, similar, references: [], analysis: entry.analysis ?? {} };
  }

  /** Similar files: those that share tags. */
  link() {
    const files = [...this.entries.values()].filter((entry) => entry.kind === "file");
    for (const file of files) {
      const mine = new Set(file.file_tags.filter((tag) => tag.kind !== "language").map((tag) => tag.name));
      file.similar = files
        .filter((other) => other !== file)
        .map((other) => ({ id: other.id, why: other.file_tags.map((tag) => tag.name).filter((name) => mine.has(name)) }))
        .filter((one) => one.why.length > 0)
        .map((one) => ({ ...one, score: Math.min(0.97, 0.34 + 0.22 * one.why.length) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 6);
    }
  }

  // Commands ------------------------------------------------------------------------------------------------

  put(path, body, by, type) {
    this.addFolder(parentOf(path));
    const known = this.by_path.get(path);
    const fields = { size: body.length, modified: new Date().toISOString(), analysed: "queued", media_type: type, sha256: createHash("sha256").update(body).digest("hex") };
    const entry = known ?? this.keep({ kind: "file", path, name: nameOf(path), owner: by, created: fields.modified, version: 0 });
    Object.assign(entry, fields, { body, version: entry.version + 1, analysis: { status: "queued" } });
    this.tell(known ? { type: "file.changed", entry: this.shown(entry) } : { type: "file.created", entry: this.shown(entry), by });
    this.analyse(entry);
    return { entry: this.shown(entry), is_new: !known };
  }

  analyse(entry) {
    entry.analysed = "queued";
    this.analysis.queued += 1;
    this.tellState({ type: "analysis", analysis: { ...this.analysis } });
    setTimeout(() => {
      this.analysis.queued -= 1;
      this.tellState({ type: "analysis", analysis: { ...this.analysis } });
      if (!this.entries.has(entry.id)) return;
      if (entry.name.includes("crash")) {
        Object.assign(entry, { analysed: "failed", analysis: { status: "failed", reason: "The analyser used more than 512 MiB.", attempts: 3 } });
        this.tell({ type: "file.failed", id: entry.id, path: entry.path, reason: entry.analysis.reason });
        return;
      }
      const words = `${entry.name} ${entry.body?.subarray(0, 4000).toString("utf8") ?? ""}`.toLowerCase();
      const found = [...this.tags.keys()].filter((tag) => words.includes(tag.toLowerCase())).slice(0, 5);
      Object.assign(entry, { analysed: "ok", analysis: { status: "ok", by: "text/1.2", attempts: 1 }, properties: { words: words.split(/\s+/).length } });
      const names = found.length > 0 ? found : ["new file"];
      entry.file_tags = names.map((name, at) => this.fileTag(name, 0.9 - at * 0.09));
      this.link();
      const { file_tags, similar } = this.detail(entry);
      this.tell({ type: "file.tagged", id: entry.id, path: entry.path, entry: this.shown(entry), file_tags, similar });
    }, analysis_ms);
  }

  move(entry, to) {
    const from = entry.path;
    for (const one of [...this.by_path.values()]) {
      if (one !== entry && !one.path.startsWith(`${from}/`)) continue;
      this.by_path.delete(one.path);
      one.path = to + one.path.slice(from.length);
      one.name = nameOf(one.path);
      this.by_path.set(one.path, one);
    }
    this.tell({ type: "entry.moved", entry: this.shown(entry), from });
  }

  remove(entry, by) {
    const gone = [...this.by_path.values()].filter((one) => one === entry || one.path.startsWith(`${entry.path}/`));
    for (const one of gone) this.by_path.delete(one.path);
    this.trash.set(entry.id, { gone, deleted: new Date().toISOString(), by, from: entry.path });
    this.tell({ type: "entry.deleted", id: entry.id, path: entry.path, kind: entry.kind });
  }

  restore(id) {
    const { gone, from } = this.trash.get(id);
    this.trash.delete(id);
    this.addFolder(parentOf(from));
    for (const one of gone) this.by_path.set(one.path, one);
    const entry = this.entries.get(id);
    this.tell({ type: entry.kind === "file" ? "file.created" : "folder.created", entry: this.shown(entry) });
    return entry;
  }
}

export const parentOf = (path) => path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
export const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

function time(days) {
  return new Date(start - days * 86_400_000 - 3_600_000).toISOString();
}

function bigEntry(at) {
  const name = `scan ${String(at).padStart(6, "0")}.tif`;
  return {
    id: String(1_000_000 + at), kind: "file", name, path: `/Archive/${name}`, size: 1000 + ((at * 7919) % 9_000_000), media_type: "image/tiff",
    modified: time(at % 400), owner: "admin", analysed: "ok", version: 1, may: { read: true, write: true, share: true }, file_tags: [], similar: [],
  };
}

function bigPage(world, after, limit) {
  const from = after === undefined ? 0 : Number(/\d+/.exec(after)[0]) + 1;
  const entries = Array.from({ length: Math.min(limit, world.big - from) }, (_, at) => world.shown(bigEntry(from + at)));
  const is_end = from + limit >= world.big;
  return { folder: world.shown(world.by_path.get("/Archive")), entries, total: world.big, next: is_end ? null : entries.at(-1).name };
}
