/**
 * Walks through every view of the built page on the mock and keeps a picture of each: light and dark, both
 * languages, wide and phone. Fails when the page complains in the console (so also on a breach of its policy).
 *
 *   npm run build && node tools/screenshots.mjs [OUT] [--only NAME]
 */
import { mkdirSync } from "node:fs";
import { openPage, startBrowser, startMock } from "./browser.mjs";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
const out = args[0] && !args[0].startsWith("--") ? args[0] : "screenshots";
mkdirSync(out, { recursive: true });

const looks = [
  { name: "light-en", theme: "light", language: "en" },
  { name: "dark-zh", theme: "dark", language: "zh" },
  { name: "phone-zh", theme: "light", language: "zh", phone: true, width: 375, height: 780 },
  { name: "phone-en-dark", theme: "dark", language: "en", phone: true, width: 375, height: 780 },
];

const idOf = async (page, path) => {
  const response = await page.request.get(`${new URL(page.url()).origin}/api/v1/entries/${path.split("/").map(encodeURIComponent).join("/")}`);
  return (await response.json()).id;
};
const goTo = async (page, hash) => {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForTimeout(450);
};
const panel = (path, tab) => async (page) => {
  const id = await idOf(page, path);
  await goTo(page, `#/drive/${path.split("/").slice(0, -1).map(encodeURIComponent).join("/")}?open=${id}`);
  await page.getByTestId("panel-tab-preview").waitFor();
  await page.getByTestId(`panel-tab-${tab}`).click();
  await page.waitForTimeout(700);
};

/** Each scene brings the page to what is to be seen. */
const scenes = {
  drive: (page) => goTo(page, "#/drive/Research/Storage"),
  root: (page) => goTo(page, "#/drive"),
  preview: panel("Research/Storage/erasure codes.md", "preview"),
  image: panel("Astronomy/Milky Way over the lake with a very long name that does not fit into any column.png", "preview"),
  pdf: panel("Astronomy/telescope manual.pdf", "preview"),
  audio: panel("Music/古琴.wav", "preview"),
  failed: panel("Travel/broken.zip", "preview"),
  tags: async (page) => {
    await panel("Research/Storage/erasure codes.md", "tags")(page);
    await page.getByTestId("tag-accept").first().click();
    await page.getByTestId("tag-reject").nth(2).click();
    await page.waitForTimeout(200);
  },
  similar: panel("Research/Storage/erasure codes.md", "similar"),
  details: panel("Astronomy/Milky Way over the lake with a very long name that does not fit into any column.png", "details"),
  versions: panel("Research/Storage/erasure codes.md", "versions"),
  shards: panel("Research/Storage/Reed-Solomon 1960.pdf", "shards"),
  share: async (page) => {
    await page.getByTestId("panel-share").click();
    await page.waitForTimeout(300);
  },
  menu: async (page) => {
    await goTo(page, "#/drive/Research/Storage");
    await page.getByTestId("row").nth(1).getByTestId("row-menu").click({ force: true });
    await page.waitForTimeout(150);
  },
  move: async (page) => {
    await page.locator('[role="menu"] button').filter({ hasText: /^(Move|移动)$/ }).first().click();
    await page.waitForTimeout(400);
  },
  upload: async (page) => {
    await goTo(page, "#/drive/Kitchen");
    await page.getByTestId("file-input").setInputFiles([
      { name: "dumplings 饺子.md", mimeType: "text/markdown", buffer: Buffer.from("# 饺子\n\n食谱 recipe\n") },
      { name: "sourdough.md", mimeType: "text/markdown", buffer: Buffer.from("again") },
      { name: "kimchi.txt", mimeType: "text/plain", buffer: Buffer.from("again") },
      { name: "disk full.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(200_000) },
    ]);
    await page.waitForTimeout(1900);
  },
  search: async (page) => {
    await goTo(page, "#/drive");
    await page.keyboard.press("/");
    await page.keyboard.type("erasure");
    await page.waitForTimeout(500);
  },
  searchhelp: async (page) => {
    await goTo(page, "#/drive/Research");
    await page.getByTestId("search-input").fill("");
    await page.getByTestId("search-input").click();
    await page.waitForTimeout(200);
  },
  results: (page) => goTo(page, "#/search?q=豆腐 tag:食谱"),
  nothing: (page) => goTo(page, "#/search?q=zeppelin"),
  graph: async (page) => {
    await goTo(page, "#/graph");
    await page.getByTestId("graph-canvas").waitFor();
    await page.waitForTimeout(1200);
  },
  graphfocus: async (page) => {
    await goTo(page, "#/cluster");
    await goTo(page, `#/graph?focus=${await idOf(page, "Research/Storage/erasure codes.md")}`);
    await page.waitForTimeout(1500);
  },
  graphfind: async (page) => {
    await goTo(page, "#/cluster");
    await goTo(page, "#/graph");
    await page.getByTestId("graph-find").fill("er");
    await page.waitForTimeout(700);
  },
  cluster: (page) => goTo(page, "#/cluster"),
  shardfiles: async (page) => {
    await goTo(page, "#/shards");
    await page.getByTestId("make-file-input").setInputFiles({ name: "蓝鲸 blue whale.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(3_000_000, "krill") });
    await page.waitForTimeout(300);
  },
  trash: async (page) => {
    await page.evaluate(() => fetch("/api/v1/files/Travel/budget.csv", { method: "DELETE", headers: { "X-Requested-With": "disgrafs" } }));
    await goTo(page, "#/trash");
  },
  users: (page) => goTo(page, "#/admin/users"),
  adduser: async (page) => {
    await page.getByTestId("add-user").click();
    await page.getByTestId("user-name").fill("Not Good");
    await page.waitForTimeout(200);
  },
  groups: async (page) => {
    await page.keyboard.press("Escape");
    await goTo(page, "#/admin/groups");
  },
  access: (page) => goTo(page, "#/admin/access"),
  account: (page) => goTo(page, "#/admin/account"),
  gone: (page) => goTo(page, "#/drive/no/such/folder"),
};

const browser = await startBrowser();
let failed = false;
try {
  for (const look of looks) {
    const mock = await startMock();
    const { page, context, complaints } = await openPage(browser, mock.url, { ...look, user: null });
    const keep = (name) => page.screenshot({ path: `${out}/${name}-${look.name}.png` });
    if (!only) await keep("signin");
    await page.getByTestId("sign-in-user").fill("admin");
    await page.getByTestId("sign-in-password").fill("admin-password");
    await page.getByTestId("sign-in-submit").click();
    await page.getByTestId("search-input").waitFor();
    for (const [name, show] of Object.entries(scenes)) {
      if (only && !only.split(",").includes(name)) continue;
      await show(page).catch((error) => {
        failed = true;
        console.error(`${name} ${look.name}: ${error.message}`);
      });
      await keep(name);
      if (await page.locator("dialog[open]").count()) await page.keyboard.press("Escape");
    }
    if (!only || only.includes("death")) {
      await goTo(page, "#/cluster");
      await mock.post("/mock/kill/storage-2");
      await page.locator('[data-testid="node-card"][data-member="storage-2"][data-state="down"]').waitFor({ timeout: 1000 });
      await keep("death");
      await mock.post("/mock/start/storage-2");
      await page.waitForTimeout(2500);
      await keep("repair");
      await mock.post("/mock/cut");
      await mock.post("/mock/down");
      await page.getByTestId("offline").waitFor();
      await keep("offline");
    }
    const real = complaints.filter((text) => !/Failed to load resource|WebSocket connection|net::ERR|GL Driver Message/.test(text));
    if (real.length > 0) {
      failed = true;
      console.error(`${look.name} complains:\n  ${[...new Set(real)].join("\n  ")}`);
    }
    await context.close();
    mock.stop();
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${out}`);
process.exit(failed ? 1 : 0);
