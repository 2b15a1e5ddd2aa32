/**
 * The mock server of the page: the API and /ws in memory, and the built page from dist. For development, screenshots
 * and measuring only; it is never shipped.
 *
 *   node mock/server.mjs [--port 8090] [--big 100000] [--graph 5000x20000] [--empty] [--delay MS]
 *
 * Beside the API: POST /mock/kill/ID, /mock/start/ID, /mock/lag, /mock/cut (closes all live connections),
 * /mock/down (answers nothing for 4 s).
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { WebSocketServer } from "ws";
import { Cluster } from "./cluster.mjs";
import { Refusal, routes } from "./routes.mjs";
import { World } from "./world.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "8090" }, big: { type: "string", default: "0" }, graph: { type: "string" }, empty: { type: "boolean", default: false }, delay: { type: "string", default: "0" }, "with-parent": { type: "boolean", default: false } } });
const world = new World({ big: Number(values.big), is_empty: values.empty });
const cluster = new Cluster(world);
const table = routes(world, cluster, { graph: values.graph?.split("x").map(Number) }).map(([method, pattern, handle]) => ({
  method, handle, names: [...pattern.matchAll(/\{(\w+)\}/g)].map((found) => found[1]),
  regex: new RegExp(`^${pattern.replace(/\{path\}/, "(.*)").replace(/\{\w+\}/g, "([^/]+)")}$`),
}));
const dist = fileURLToPath(new URL("../dist", import.meta.url));
/** What the page needs allowed; docs/web.md. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; connect-src 'self'; font-src 'self'; frame-src 'self' blob:; object-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const worker_policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
let down_until = 0;
let requests = 0;

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  if (Date.now() < down_until) return request.socket.destroy();
  if (url.pathname.startsWith("/mock/")) return control(url, response);
  if (!url.pathname.startsWith("/api/v1/")) return page(url, response);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  await new Promise((resolve) => setTimeout(resolve, Number(values.delay)));
  try {
    send(response, answer(request, url, Buffer.concat(chunks)), request.method);
  } catch (error) {
    const { status = 500, code = "io", title = "Bug in the mock", detail = error.stack, hint, headers = {} } = error instanceof Refusal ? error : {};
    const body = JSON.stringify({ type: `docs/errors.md#${code}`, title, status, code, detail: error instanceof Refusal ? error.detail : detail, hint, request_id: String(++requests) });
    response.writeHead(status, { "Content-Type": "application/problem+json", ...headers }).end(body);
  }
});

function answer(request, url, body) {
  const path = url.pathname.slice("/api/v1".length);
  for (const { method, regex, names, handle } of table) {
    const found = method === request.method ? regex.exec(path) : null;
    if (!found) continue;
    const user = world.users.find((one) => one.name === /disgrafs_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]);
    if (!user && !["/health", "/login"].includes(path)) throw new Refusal(401, "unauthenticated", "Sign in first");
    if (request.method !== "GET" && request.method !== "HEAD" && path !== "/login" && request.headers["x-requested-with"] !== "disgrafs") throw new Refusal(403, "denied", "The header X-Requested-With is missing");
    const parts = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1])]));
    return handle({ method: request.method, headers: request.headers, query: url.searchParams, body, user, parts, path: `/${parts.path ?? ""}` });
  }
  throw new Refusal(404, "not_found", "No such address", path);
}

function send(response, { status = 200, json, bytes, headers = {}, range }, method) {
  if (json !== undefined) return response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(json));
  if (bytes === undefined) return response.writeHead(status, headers).end();
  const found = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (!found) return response.writeHead(status, { ...headers, "Content-Length": bytes.length, "Accept-Ranges": "bytes" }).end(method === "HEAD" ? undefined : bytes);
  const [from, to] = [Number(found[1]), Math.min(found[2] === "" ? Infinity : Number(found[2]), bytes.length - 1)];
  if (from >= bytes.length) return response.writeHead(416, { "Content-Range": `bytes */${bytes.length}` }).end();
  response.writeHead(206, { ...headers, "Content-Range": `bytes ${from}-${to}/${bytes.length}`, "Accept-Ranges": "bytes", "Content-Length": to - from + 1 }).end(bytes.subarray(from, to + 1));
}

function control(url, response) {
  const [, , verb, id] = url.pathname.split("/");
  if (verb === "kill") cluster.setState(id, "down");
  if (verb === "start") cluster.setState(id, "up");
  if (verb === "lag") world.tellState({ type: "lagged", event: world.event });
  if (verb === "cut" || verb === "down") for (const socket of sockets.clients) socket.terminate();
  if (verb === "down") down_until = Date.now() + 4000;
  response.writeHead(204).end();
}

function page(url, response) {
  const wanted = normalize(join(dist, decodeURIComponent(url.pathname)));
  const file = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, "index.html");
  const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
  response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": extname(file) === ".js" ? worker_policy : policy, "X-Content-Type-Options": "nosniff" });
  createReadStream(file).pipe(response);
}

const sockets = new WebSocketServer({ server, path: "/ws" });
sockets.on("connection", (socket, request) => {
  const after = new URL(request.url, "http://mock").searchParams.get("after");
  const user = /disgrafs_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  if (!user) return socket.close(1008);
  socket.send(JSON.stringify({ type: "hello", event: world.event, user }));
  for (const event of world.events) if (after !== null && event.event > Number(after)) socket.send(JSON.stringify(event));
  const pass = (event) => socket.send(JSON.stringify(event));
  world.on("event", pass);
  socket.on("close", () => world.off("event", pass));
});
world.setMaxListeners(100);

server.listen(Number(values.port), "127.0.0.1", () => console.log(`mock at http://127.0.0.1:${server.address().port}/ (admin / admin-password)`));
// Whoever started it may be killed: then standard input ends, and so do we.
if (values["with-parent"]) process.stdin.on("end", () => process.exit(0)).resume();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
