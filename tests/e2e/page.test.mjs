/** The page on a real cluster, as a person uses it. Pictures of each step are kept in build/e2e. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { openPage, pictures, startBrowser, startCluster } from "./cluster.mjs";

let cluster, browser, page, complaints;
const picture = (name) => page.screenshot({ path: join(pictures, `${name}.png`) });
const row = (name) => page.locator(`[data-testid=row][data-name="${name}"]`);
const onName = { position: { x: 110, y: 18 } }; // left of the tags, which lead elsewhere
const goTo = (hash) => page.evaluate((to) => { location.hash = to; }, hash);

/** Drops files on the list as a mouse would: a DataTransfer made in the page. */
async function drop(files) {
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, text } of list) data.items.add(new File([text], name, { type: "text/plain" }));
    return data;
  }, files);
  const zone = page.getByTestId("drop-zone");
  for (const type of ["dragenter", "dragover", "drop"]) await zone.dispatchEvent(type, { dataTransfer: transfer });
}

before(async () => {
  cluster = await startCluster();
  browser = await startBrowser();
  ({ page, complaints } = await openPage(browser, cluster));
});

after(async () => {
  await browser?.close();
  await cluster?.stop();
});

test("a wrong password is told, and nothing is shown", async () => {
  const context = await browser.newContext();
  const stranger = await context.newPage();
  await stranger.goto(cluster.url);
  await stranger.getByTestId("sign-in-user").fill("admin");
  await stranger.getByTestId("sign-in-password").fill("not the password");
  await stranger.getByTestId("sign-in-submit").click();
  await stranger.getByTestId("sign-in-error").waitFor();
  assert.equal(await stranger.getByTestId("file-table").count(), 0);
  await stranger.screenshot({ path: join(pictures, "sign-in.png") });
  await context.close();
});

test("the samples are there, and are a graph of topics", async () => {
  await row("samples").waitFor();
  // Topics are drawn from tags: on a busy machine the analysers may still be reading, or not yet have begun.
  await page.evaluate(async () => {
    const ask = async () => (await fetch("/api/v1/cluster")).json();
    for (let idle = 0, asked = 0; idle < 6 && asked < 200; asked += 1) {
      const { analysis, files } = await ask();
      idle = files >= 40 && analysis.queued + analysis.running === 0 ? idle + 1 : 0;
      await new Promise((done) => setTimeout(done, 300));
    }
  });
  await goTo("#/graph");
  await page.getByTestId("graph-canvas").waitFor();
  await page.getByTestId("graph-legend").waitFor();
  await page.waitForTimeout(2500);
  await picture("graph");
  const topics = await page.getByTestId("graph-legend").innerText();
  assert.match(topics, /whale|krill/i);
  assert.match(topics, /茶|tea/i);
});

test("a dropped file appears, and gets its tag without a reload", async () => {
  await goTo("#/drive/");
  await row("samples").waitFor();
  await drop([{ name: "penguins.txt", text: "Penguins swim. Emperor penguins keep their eggs warm on the ice. Penguins eat krill. ".repeat(60) }]);
  await row("penguins.txt").waitFor();
  await row("penguins.txt").getByText(/penguin/i).nth(1).waitFor({ timeout: 15_000 });
  await row("penguins.txt").dblclick(onName);
  await page.getByTestId("panel").waitFor();
  await page.getByTestId("panel-tab-tags").click();
  await page.locator("[data-testid=tag]").first().waitFor();
  await picture("tags");
  await page.getByTestId("panel-tab-shards").click();
  await page.getByTestId("shard-verdict").waitFor();
  await picture("shards");
  await page.getByTestId("panel-close").click();
});

test("it is found by a word inside it, by half its name, and in Chinese", async () => {
  for (const [words, wanted] of [["emperor", "penguins.txt"], ["pengu", "penguins.txt"], ["磷虾", "蓝鲸.txt"]]) {
    await page.getByTestId("search-input").fill(words);
    await page.getByTestId("search-results").getByText(wanted).first().waitFor();
  }
  await picture("search");
  await page.getByTestId("search-input").fill("");
  await page.keyboard.press("Escape");
});

test("it is renamed, moved and deleted, and comes back from the trash", async () => {
  await goTo("#/drive/");
  await row("penguins.txt").click(onName);
  await page.keyboard.press("F2");
  await page.getByTestId("rename-input").fill("企鹅.txt");
  await page.keyboard.press("Enter");
  await row("企鹅.txt").waitFor();
  await row("企鹅.txt").dragTo(row("samples"), { sourcePosition: onName.position, targetPosition: onName.position });
  await row("企鹅.txt").waitFor({ state: "detached" });
  await goTo("#/drive/samples");
  await row("企鹅.txt").waitFor();
  await row("企鹅.txt").click(onName);
  await page.keyboard.press("Delete");
  const confirm = page.getByTestId("confirm");
  if (await confirm.count()) await confirm.click();
  await row("企鹅.txt").waitFor({ state: "detached" });
  await goTo("#/trash");
  await page.getByTestId("restore").first().click();
  await goTo("#/drive/samples");
  await row("企鹅.txt").waitFor();
});

test("a node's death is seen within a second, and its return", async () => {
  await goTo("#/cluster");
  const card = page.locator('[data-testid=node-card][data-name="n2"]');
  await card.waitFor();
  assert.equal(await card.getAttribute("data-state"), "up");
  const began = Date.now();
  cluster.kill("n2");
  await page.locator('[data-testid=node-card][data-name="n2"]:not([data-state="up"])').waitFor({ timeout: 5000 });
  const took = Date.now() - began;
  await picture("node-down");
  assert.ok(took < 1000, `shown after ${took} ms`);
  cluster.startMember("n2");
  await page.locator('[data-testid=node-card][data-name="n2"][data-state="up"]').waitFor({ timeout: 15_000 });
});

test("everything is there in Chinese, too", async () => {
  await page.getByTestId("language-switch").getByText("中文").click();
  await page.getByText("集群").first().waitFor();
  await goTo("#/drive/samples");
  await row("ocean").waitFor();
  await picture("chinese");
  await page.getByTestId("language-switch").getByText("English").click();
});

test("the console had nothing to complain about", () => assert.deepEqual(complaints, []));
