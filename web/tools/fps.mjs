/**
 * Measures the graph view's frames per second in headless Chromium, which draws WebGL in software.
 *
 *   npm run build && node tools/fps.mjs [--nodes 5000] [--edges 20000] [--seconds 5] [--size 1280x800]
 *
 * While the camera is dragged and zoomed without pause, every drawn frame is counted (sigma's afterRender). Prints one
 * JSON line; exits 1 below 20 frames/s.
 */
import { parseArgs } from "node:util";
import { openPage, startBrowser, startMock } from "./browser.mjs";

const { values } = parseArgs({
  options: { nodes: { type: "string", default: "5000" }, edges: { type: "string", default: "20000" }, seconds: { type: "string", default: "5" }, size: { type: "string", default: "1280x800" } },
});
const [width, height] = values.size.split("x").map(Number);
const fps_min = 20;

const mock = await startMock(["--graph", `${values.nodes}x${values.edges}`]);
const browser = await startBrowser();
try {
  const { page } = await openPage(browser, mock.url, { width, height, hash: "#/graph?fps=1" });
  const canvas = page.getByTestId("graph-canvas");
  await canvas.waitFor({ timeout: 60_000 });
  await page.getByTestId("graph-fps").waitFor();
  await page.waitForTimeout(1500);
  const box = await canvas.boundingBox();
  // Dragging begins where no node is, else it would move that node and not the camera.
  const [x, y] = [box.x + box.width - 30, box.y + 90];

  const drag = await measure(async (at) => page.mouse.move(x - 160 + 160 * Math.cos(at / 9), y + 110 * Math.sin(at / 7)), true);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const zoom = await measure(async (at) => page.mouse.wheel(0, at % 40 < 20 ? 60 : -60), false);
  const { nodes, edges } = await canvas.evaluate((element) => element.dataset);
  const gl = await page.evaluate(() => {
    const context = document.createElement("canvas").getContext("webgl2");
    return context.getParameter(context.getExtension("WEBGL_debug_renderer_info").UNMASKED_RENDERER_WEBGL);
  });
  const result = { nodes: Number(nodes), edges: Number(edges), size: `${width}x${height}`, drag_fps: drag, zoom_fps: zoom, renderer: gl };
  console.log(JSON.stringify(result));
  process.exitCode = Math.min(drag, zoom) < fps_min ? 1 : 0;

  /** Moves the pointer as fast as the page follows; frames drawn per second meanwhile. */
  async function measure(step, is_drag) {
    if (is_drag) await page.mouse.move(x, y);
    if (is_drag) await page.mouse.down();
    const frames = () => page.getByTestId("graph-fps").evaluate((element) => Number(element.dataset.total));
    const [before, started] = [await frames(), performance.now()];
    // A few acts in flight: the page, not our waiting for each answer, is to be the limit.
    const acts = [];
    for (let at = 0; performance.now() - started < Number(values.seconds) * 1000; at += 1) {
      acts.push(step(at));
      if (acts.length > 4) await acts.shift();
    }
    await Promise.all(acts);
    const fps = ((await frames()) - before) / ((performance.now() - started) / 1000);
    if (is_drag) await page.mouse.up();
    await page.waitForTimeout(500);
    return Math.round(fps * 10) / 10;
  }
} finally {
  await browser.close();
  mock.stop();
}
