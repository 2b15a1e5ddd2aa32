/** Gives tools/erasure_bench.mjs one function: a request to the worker, and its answer. */
import type { Answer, Request } from "./worker";

declare global {
  interface Window {
    ask: (request: Request) => Promise<Answer>;
  }
}

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
window.ask = (request) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data as Answer);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(request);
  });
