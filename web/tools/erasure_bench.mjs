/**
 * `./dev bench erasure-wasm`: the codec's modules in a worker of headless Chromium, beside a loop in JavaScript and the
 * native program on the same machine.
 *
 *   node tools/erasure_bench.mjs [--rounds 11] [--ms 60] [--file GiB]
 *
 * All contestants of a line take turns; a line shows medians over the rounds of GB of content a second (wall clock:
 * browsers tell no other). Writes build/bench/wasm.json in the form of build/bench/erasure.json; exits 1 below a bar.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createServer } from "vite";
import { rendererMemory, startBrowser } from "./browser.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "11" }, ms: { type: "string", default: "60" }, file: { type: "string", default: "0" } } });
const rounds = Math.max(7, Number(values.rounds));
const ms = Number(values.ms);
const root = fileURLToPath(new URL("../..", import.meta.url));
/** GB/s of content that the best module has to reach, by layout. */
const bars = { "4+2": 5, "10+4": 3 };
const memory_max = 200 << 20;

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** build/release/bin/erasure_bench answers one round at a time; undefined when it is not built. */
function startNative() {
  const path = `${root}/build/release/bin/erasure_bench`;
  if (!existsSync(path)) return undefined;
  const child = spawn(path, [], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async round(work, k, m, shard) {
      child.stdin.write(`${work} k=${k} m=${m} shard=${shard} stripes=1\n`);
      let ns;
      for (let line = await lines.next(); line.value !== "" && !line.done; line = await lines.next()) {
        const [name, time] = line.value.split("\t");
        if (name === "ours") ns = Number(time);
      }
      return ns;
    },
    stop: () => child.stdin.end(),
  };
}

const vite = await createServer({ root: fileURLToPath(new URL("..", import.meta.url)), logLevel: "error", server: { host: "127.0.0.1", port: 0, hmr: false } });
await vite.listen();
const native = startNative();
const browser = await startBrowser();
const lines = [];
try {
  const openPage = async () => {
    const page = await browser.newPage();
    await page.goto(`${vite.resolvedUrls.local[0]}tools/erasure_bench/index.html`);
    await page.waitForFunction(() => "ask" in window);
    return { page, ask: (request) => page.evaluate((one) => window.ask(one), request) };
  };
  const { page, ask } = await openPage();
  const { contestants } = await ask({ work: "contestants" });
  const best = contestants.at(-1);
  console.log(`Chromium ${browser.version()}, load ${loadavg()[0].toFixed(1)}; medians of ${rounds} rounds; ours is "${best}"`);

  /** One line: nanoseconds of each round by contestant → medians, ratios and the verdict. */
  async function measure(section, name, content, by, request, nativeWork, bar) {
    const times = Object.fromEntries(by.map((one) => [one, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const one of by) {
        const { ns } = await ask({ ...request, by: one, ms: one === "JavaScript" ? 2 * ms : ms });
        if (round > 0) times[one].push(ns);
      }
      const ns = nativeWork && (await native?.round(nativeWork, request.k, request.m, request.shard));
      if (ns && round > 0) (times["native"] ??= []).push(ns);
    }
    const ours = median(times[best]);
    const others = Object.fromEntries(
      Object.entries(times).filter(([one]) => one !== best).map(([one, list]) => [one, { value: content / median(list), ratio: median(list) / ours }]),
    );
    const passes = bar === undefined ? undefined : content / ours >= bar;
    lines.push({
      section, name, unit: "GB/s", ours: content / ours, least: content / Math.max(...times[best]), most: content / Math.min(...times[best]), others,
      ...(bar !== undefined && { limit: bar, pass: passes }), verdict: passes === undefined ? "" : passes ? "pass" : "below",
    });
    const shown = Object.entries(others).map(([one, { value, ratio }]) => `${one} ${value.toFixed(2)} (${ratio.toFixed(2)}×)`).join("  ");
    console.log(`  ${section}, ${name}: ${(content / ours).toFixed(2)} GB/s${bar === undefined ? "" : ` (≥ ${bar})`}  ${shown}  ${lines.at(-1).verdict}`);
  }

  const shard = 65_536;
  for (const [k, m] of [[4, 2], [6, 3], [8, 3], [10, 4], [16, 4]]) {
    await measure("browser: encode, in cache", `${k}+${m}`, k * shard, contestants, { work: "encode", k, m, shard }, "encode", bars[`${k}+${m}`]);
  }
  const modules = contestants.filter((one) => one !== "JavaScript");
  for (const [k, m] of [[4, 2], [10, 4]]) {
    await measure("browser: decode, m lost", `${k}+${m}`, k * shard, modules, { work: "decode", k, m, shard }, "decode");
    await measure("browser: encode through copies", `${k}+${m}`, k * shard, modules, { work: "copied", k, m, shard });
    await measure("browser: encode and CRC32C", `${k}+${m}`, k * shard, modules, { work: "checked", k, m, shard }, "fused");
  }
  await measure("browser: CRC32C", "64 KiB", shard, modules, { work: "crc32c", k: 4, m: 2, shard });

  if (Number(values.file) > 0) {
    const bytes = Number(values.file) * 2 ** 30;
    await page.close();
    const fresh = await openPage();
    const memory = await rendererMemory(browser);
    const { ns } = await fresh.ask({ work: "file", by: best, k: 4, m: 2, bytes });
    const peak = memory.stop();
    const is_small = peak.private <= memory_max;
    lines.push({ section: "browser: a file of many GiB", name: `${values.file} GiB, 4+2`, unit: "GB/s", ours: bytes / ns, others: {}, memory: peak, limit_bytes: memory_max, verdict: is_small ? "pass" : "below" });
    console.log(`  a file of ${values.file} GiB, 4+2: ${(bytes / ns).toFixed(2)} GB/s; memory of the tab at most ${(peak.private / 2 ** 20).toFixed(0)} MiB of its own, ${(peak.resident / 2 ** 20).toFixed(0)} MiB with the browser's own files (≤ ${memory_max >> 20})  ${lines.at(-1).verdict}`);
  }
} finally {
  await browser.close();
  native?.stop();
  await vite.close();
}
mkdirSync(`${root}/build/bench`, { recursive: true });
writeFileSync(`${root}/build/bench/wasm.json`, `${JSON.stringify({ rounds, lines }, null, 1)}\n`);
process.exitCode = lines.some((line) => line.verdict === "below") ? 1 : 0;
