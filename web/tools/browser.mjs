/** Starts the mock and the distribution's Chromium for the tools of this folder. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ...(process.env.CHROMIUM_FLAGS ?? "--disable-gpu --enable-unsafe-swiftshader").split(" "),
];

/** The mock on a free port; stop() ends it. */
export async function startMock(args = []) {
  const script = fileURLToPath(new URL("../mock/server.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, "--port", "0", "--with-parent", ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const url = /http:\S+/.exec(String(line))[0];
  return { url, stop: () => child.kill(), post: (path) => fetch(new URL(path, url), { method: "POST" }) };
}

export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
}

/** A page that is signed in; what it complains about is gathered in `complaints`. */
export async function openPage(browser, url, { width = 1440, height = 900, theme = "light", language = "en", phone = false, hash = "", user = "admin" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: theme, locale: language === "zh" ? "zh-CN" : "en-US", hasTouch: phone, isMobile: phone, deviceScaleFactor: phone ? 2 : 1,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url + hash);
  if (user) {
    await page.getByTestId("sign-in-user").fill(user);
    await page.getByTestId("sign-in-password").fill(`${user}-password`);
    await page.getByTestId("sign-in-submit").click();
    await page.getByTestId("search-input").waitFor();
  }
  return { page, context, complaints };
}

/**
 * Watches the memory of the processes that run pages and their workers; stop() gives, of the largest, the most that was seen, in bytes:
 * `private` (anonymous and shared memory: what the tab itself holds) and `resident` (with the pages of the browser's own files).
 */
export async function rendererMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const most = { private: 0, resident: 0 };
  const look = () => {
    for (const id of renderers) {
      const status = existsSync(`/proc/${id}`) ? readFileSync(`/proc/${id}/status`, "utf8") : "";
      const kib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      most.private = Math.max(most.private, 1024 * (kib("RssAnon") + kib("RssShmem")));
      most.resident = Math.max(most.resident, 1024 * kib("VmRSS"));
    }
  };
  look();
  const timer = setInterval(look, 100);
  return { stop: () => (look(), clearInterval(timer), most) };
}
