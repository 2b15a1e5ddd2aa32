/**
 * The page's side of worker.ts: jobs with progress, cancelling, and errors as ErasureError. One worker a job; it ends
 * with the job.
 */
import type { Decoded } from "./decode_shards";
import { ErasureError, type ErasureCode, type ErasureValues } from "./error";
import type { Inspection } from "./inspect_shards";
import type { Layout } from "./layout";
import type { Options } from "./reading";

/** Where results go: a chosen folder, a chosen file, or the page's own storage, from where they are downloaded. */
export type Target =
  | { kind: "folder"; folder: FileSystemDirectoryHandle }
  | { kind: "file"; file: FileSystemFileHandle }
  | { kind: "downloads" };

export type Job =
  | { work: "encode"; file: File; layout: Layout; target: Target }
  | { work: "decode"; files: File[]; target: Target }
  | { work: "inspect"; files: File[] };

/** Files for download lie in the page's storage, in the folder `kept_in`, until forget(kept_in). */
export interface Written {
  downloads: File[];
  kept_in?: string;
}

export interface Results {
  encode: Written & { names: string[] };
  decode: Written & { decoded: Decoded };
  inspect: Inspection;
}

export type FromPage = Job | { work: "cancel" };
export type FromWorker =
  | { type: "progress"; done: number; total: number }
  | { type: "done"; result: Results[Job["work"]] }
  | { type: "failed"; code: ErasureCode; values: ErasureValues };

/** Errors: ErasureError of every code; unexpected when the worker itself broke. */
export function run<J extends Job>(job: J, { signal, onProgress }: Options = {}): Promise<Results[J["work"]]> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const cancel = () => worker.postMessage({ work: "cancel" } satisfies FromPage);
  const ended = new Promise<Results[J["work"]]>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "progress") onProgress?.(data.done, data.total);
      else if (data.type === "done") resolve(data.result as Results[J["work"]]);
      else reject(new ErasureError(data.code, data.values));
    };
    worker.onerror = (event) => reject(new ErasureError("unexpected", { why: event.message }));
    worker.onmessageerror = () => reject(new ErasureError("unexpected", { why: "message" }));
  });
  worker.postMessage(job satisfies FromPage);
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  return ended.finally(() => {
    signal?.removeEventListener("abort", cancel);
    worker.terminate();
  });
}

/** Frees what downloads were made from. */
export async function forget(folder: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(folder, { recursive: true }).catch(() => undefined);
}
