/**
 * A real cluster and a real browser for the tests of the page: `disgrafs up` in a temporary folder, headless Chromium of
 * the distribution. Both are ended by stop(), whatever happened.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = resolve(fileURLToPath(import.meta.url), "../../..");
const program = join(root, "build/release/bin/disgrafs");
export const pictures = join(root, "build/e2e");
mkdirSync(pictures, { recursive: true });

/** A port on 127.0.0.1 that nobody has. */
function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Starts `disgrafs up`; resolves when it printed its last line `ready …`. */
export async function startCluster(...options) {
  const data = mkdtempSync(join(tmpdir(), "disgrafs-e2e-"));
  const port = await freePort();
  const child = spawn(program, ["up", "--data", data, "--port", String(port), "--restart-after", "never", ...options],
    { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.on("exit", done));
  const lines = [];
  await new Promise((done, failed) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      if (line.startsWith("ready ")) done();
    });
    child.on("exit", () => failed(new Error(`up ended early:\n${lines.join("\n")}`)));
  });
  const members = () => JSON.parse(readFileSync(join(data, "ready.json"), "utf8")).members;
  return {
    url: `http://127.0.0.1:${port}`,
    password: readFileSync(join(data, "admin-password"), "utf8").trim(),
    /** kill -9 */
    kill: (id) => process.kill(members().find((m) => m.id === id).pid, "SIGKILL"),
    startMember: (id) => {
      const done = spawnSync(program, ["member", "start", id, "--data", data], { encoding: "utf8" });
      if (done.status !== 0) throw new Error(done.stderr);
    },
    async stop() {
      child.kill("SIGINT");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Chromium as the image of the project's machines likes it; WebGL is drawn in software. */
export async function startBrowser() {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
  });
}

/** A page that is signed in as admin, in English. What the console complains about is collected in `complaints`. */
export async function openPage(browser, cluster, { width = 1360, height = 860, theme = "light", language = "en" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: language === "zh" ? "zh-CN" : "en-GB" });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // The first question of the page, who am I, is answered 401 before signing in.
    if (message.type() === "error" && !message.text().includes("401")) complaints.push(message.text());
  });
  await page.goto(cluster.url);
  await page.getByTestId("sign-in-user").fill("admin");
  await page.getByTestId("sign-in-password").fill(cluster.password);
  await page.getByTestId("sign-in-submit").click();
  await page.getByTestId("file-table").waitFor();
  return { page, complaints };
}
