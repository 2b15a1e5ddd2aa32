/** The page's view "Shards": a file into shard files and back, in the browser; and the command line reads the same. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPage, pictures, root, startBrowser, startCluster } from "./cluster.mjs";

let cluster, browser, page, complaints, folder;
const program = join(root, "build/release/bin/disgrafs");
/** Three blocks and a bit of each of four data shards. */
const content = Buffer.from(Uint8Array.from({ length: 4 * 200_001 - 2 }, (_, at) => Math.imul(at + 1, 2_654_435_761) >>> 24));
const name = "蓝鲸 blue whale.bin";

const goTo = (hash) => page.evaluate((to) => { location.hash = to; }, hash);
const picture = (what) => page.screenshot({ path: join(pictures, `shards-${what}.png`) });
/** Saves every file that the card offers into a new folder; its paths. */
async function saveAll(into) {
  const links = page.getByTestId("shard-download");
  const paths = [];
  for (let at = 0; at < (await links.count()); at += 1) {
    const [download] = await Promise.all([page.waitForEvent("download"), links.nth(at).click()]);
    paths.push(join(into, download.suggestedFilename()));
    await download.saveAs(paths.at(-1));
  }
  return paths;
}
/** The browser's private storage keeps nothing of a job that was closed; removing takes a moment. */
async function storageIsEmpty() {
  const names = () => page.evaluate(async () => Array.fromAsync((await navigator.storage.getDirectory()).keys()));
  for (let tries = 0; tries < 50 && (await names()).length > 0; tries += 1) await page.waitForTimeout(100);
  assert.deepEqual(await names(), []);
}
const cli = (...words) => {
  const done = spawnSync(program, ["erasure", ...words], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "disgrafs-shards-"));
  writeFileSync(join(folder, name), content);
  cluster = await startCluster("--no-samples");
  browser = await startBrowser();
  ({ page, complaints } = await openPage(browser, cluster));
  // As in browsers without pickers: results become downloads.
  await page.evaluate(() => { delete window.showDirectoryPicker; delete window.showSaveFilePicker; });
});

after(async () => {
  await browser?.close();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a file becomes shards that the command line makes the same", async () => {
  await page.getByTestId("nav-shards").click();
  await page.getByTestId("make-file-input").setInputFiles(join(folder, name));
  await page.getByTestId("make-summary").waitFor();
  await picture("make");
  await page.getByTestId("make-go").click();
  await page.getByTestId("shard-done").waitFor();
  await picture("made");
  const paths = await saveAll(folder);
  assert.deepEqual(paths.map((path) => path.split(".").at(-1)), ["0", "1", "2", "3", "4", "5"]);
  const theirs = mkdtempSync(join(folder, "cli-"));
  cli("encode", join(folder, name), "--k", "4", "--m", "2", "--out", theirs);
  for (const path of paths) assert.ok(readFileSync(path).equals(readFileSync(join(theirs, path.slice(folder.length + 1)))), path);
  await page.getByTestId("shard-close").click();
});

test("numbers that make no sense are told beside their field", async () => {
  await page.getByTestId("make-k").fill("0");
  await page.getByText(/whole number from 1 to 32/).waitFor();
  assert.ok(await page.getByTestId("make-go").isDisabled());
  await page.getByTestId("make-k").fill("4");
  assert.ok(await page.getByTestId("make-go").isEnabled());
});

test("any four of six give the file back, though two are lost and one is damaged", async () => {
  const damaged = readFileSync(join(folder, `${name}.2`));
  damaged[64 + 70_000] ^= 1;
  writeFileSync(join(folder, `${name}.2`), damaged);
  await page.getByTestId("shardfiles-join").click();
  await page.getByTestId("join-files-input").setInputFiles([1, 4, 5].map((at) => join(folder, `${name}.${at}`)));
  await page.locator("[data-testid=join-found][data-can=false]").waitFor();
  assert.match(await page.getByTestId("join-verdict").innerText(), /3 usable shards, 4 are needed. Missing: 0, 2, 3/);
  await page.getByTestId("join-files-input").setInputFiles([join(folder, `${name}.2`), join(folder, `${name}.3`), join(folder, name)]);
  await page.locator("[data-testid=join-found][data-can=true]").waitFor();
  assert.match(await page.getByTestId("join-refused").innerText(), /blue whale.bin is not a shard file/);
  await picture("join");
  await page.getByTestId("join-go").click();
  await page.getByTestId("shard-done").waitFor();
  assert.match(await page.getByTestId("shard-damaged").innerText(), /2 \(1\)/);
  await picture("joined");
  const into = mkdtempSync(join(folder, "back-"));
  const [path] = await saveAll(into);
  assert.equal(path, join(into, name));
  assert.ok(readFileSync(path).equals(content));
  await page.getByTestId("shard-close").click();
  await storageIsEmpty();
});

test("shards of the command line are put together by the page", async () => {
  const theirs = mkdtempSync(join(folder, "wide-"));
  cli("encode", join(folder, name), "--k", "3", "--m", "2", "--w", "16", "--out", theirs);
  await page.getByTestId("join-clear").click();
  await page.getByTestId("join-files-input").setInputFiles([4, 2, 0].map((at) => join(theirs, `${name}.${at}`)));
  await page.locator("[data-testid=join-found][data-can=true]").waitFor();
  await page.getByTestId("join-go").click();
  await page.getByTestId("shard-done").waitFor();
  const [path] = await saveAll(mkdtempSync(join(folder, "back-")));
  assert.ok(readFileSync(path).equals(content));
  await page.getByTestId("shard-close").click();
});

test("a large job shows how far it is, can be cancelled, and leaves nothing", async () => {
  await goTo("#/shards");
  const input = page.getByTestId("make-file-input");
  await input.evaluate((element) => {
    const part = new Blob([new Uint8Array(16 << 20)]);
    const files = new DataTransfer();
    files.items.add(new File(Array.from({ length: 256 }, () => part), "four GiB"));
    element.files = files.files;
    element.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.getByTestId("make-go").click();
  await page.waitForFunction(() => Number(document.querySelector("[data-testid=shard-progress]")?.getAttribute("aria-valuenow")) > 0);
  await picture("running");
  await goTo("#/cluster"); // It goes on meanwhile.
  await goTo("#/shards");
  await page.getByTestId("shard-cancel").click();
  await page.getByTestId("shard-job").waitFor({ state: "detached" });
  await storageIsEmpty();
});

test("a chosen folder gets the files, and none is replaced", async () => {
  // A folder of the page's own storage stands in for one that a person picks in the browser's dialog.
  await page.evaluate(() => {
    window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("picked", { create: true });
    window.showSaveFilePicker = async () => (await window.showDirectoryPicker()).getFileHandle("back.bin", { create: true });
  });
  await goTo("#/cluster");
  await goTo("#/shards");
  await page.getByTestId("make-file-input").setInputFiles(join(folder, name));
  await page.getByTestId("make-go").click();
  await page.getByTestId("shard-done").waitFor();
  assert.equal(await page.getByTestId("shard-download").count(), 0);
  const sizes = () => page.evaluate(async () => {
    const files = await Array.fromAsync((await window.showDirectoryPicker()).values());
    return Object.fromEntries(await Promise.all(files.map(async (file) => [file.name, (await file.getFile()).size])));
  });
  const made = await sizes();
  assert.equal(Object.keys(made).length, 6);
  await page.getByTestId("make-go").click();
  await page.getByTestId("shard-error").waitFor();
  assert.match(await page.getByTestId("shard-error").innerText(), /blue whale.bin.0 is in that folder already/);
  assert.deepEqual(await sizes(), made);
});

test("the console stayed silent", () => assert.deepEqual(complaints, []));
