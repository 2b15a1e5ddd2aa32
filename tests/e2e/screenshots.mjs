/** Photographs the views of a fresh cluster with the samples into docs/images, as the README shows them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openPage, root, startBrowser, startCluster } from "./cluster.mjs";

const out = join(root, "docs/images");
mkdirSync(out, { recursive: true });
const cluster = await startCluster();
const browser = await startBrowser();
try {
  const shoot = async (page, hash, name, wait = 1200) => {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await page.waitForTimeout(wait);
    await page.screenshot({ path: join(out, `${name}.png`) });
  };
  const { page } = await openPage(browser, cluster);
  await page.waitForTimeout(6000); // until the analysers have read the samples
  await shoot(page, "#/graph", "graph", 3500);
  await shoot(page, "#/drive/samples/ocean", "drive");
  await page.locator('[data-testid=row][data-name="blue-whale.txt"]').dblclick({ position: { x: 110, y: 18 } });
  await page.getByTestId("panel-tab-tags").click();
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(out, "tags.png") });
  cluster.kill("n2");
  cluster.kill("n5");
  await shoot(page, "#/cluster", "cluster", 2500);
  const dark = await openPage(browser, cluster, { theme: "dark", language: "zh" });
  await shoot(dark.page, "#/graph", "graph-dark-zh", 3500);
} finally {
  await browser.close();
  await cluster.stop();
}
