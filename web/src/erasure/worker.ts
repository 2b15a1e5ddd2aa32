/** Codes shard files beside the page, so that it stays quick. One job, then the page ends this worker (work.ts). */
import { Codec } from "./codec";
import { decodeShards } from "./decode_shards";
import { encodeFile } from "./encode_file";
import { ErasureError } from "./error";
import { inspectShards } from "./inspect_shards";
import { layoutOf } from "./layout";
import type { Options } from "./reading";
import { fileSink, folderSink, PrivateSink, type Sink } from "./sink";
import type { FromPage, FromWorker, Job, Results, Target, Written } from "./work";

/** Progress is told so often, not with every chunk. */
const progress_ms = 100;

const stop = new AbortController();
const tell = (message: FromWorker) => postMessage(message);

onmessage = async ({ data }: MessageEvent<FromPage>) => {
  if (data.work === "cancel") return stop.abort();
  try {
    tell({ type: "done", result: await answer(data) });
  } catch (error) {
    const told = error instanceof ErasureError ? error : new ErasureError("unexpected", { why: String(error) });
    tell({ type: "failed", code: told.code, values: told.values });
  }
};

async function answer(job: Job): Promise<Results[Job["work"]]> {
  const options: Options = { signal: stop.signal, onProgress: throttled() };
  switch (job.work) {
    case "inspect":
      return inspectShards(job.files, await Codec.load(layoutOf(1, 0)));
    case "encode":
      return into(job.target, async (sink) => ({ names: await encodeFile(job.file, job.layout, sink, options) }));
    case "decode":
      return into(job.target, async (sink) => ({ decoded: await decodeShards(job.files, sink, options) }));
  }
}

/** Runs `work` with the sink of `target`; what it leaves in the page's storage goes with the result. */
async function into<T>(target: Target, work: (sink: Sink) => Promise<T>): Promise<T & Written> {
  if (target.kind === "folder") return { ...(await work(folderSink(target.folder))), downloads: [] };
  if (target.kind === "file") return { ...(await work(fileSink(target.file))), downloads: [] };
  const sink = await PrivateSink.make();
  try {
    return { ...(await work(sink)), downloads: await sink.files(), kept_in: sink.name };
  } catch (error) {
    await sink.forget();
    throw error;
  }
}

function throttled(): NonNullable<Options["onProgress"]> {
  let told_at = 0;
  return (done, total) => {
    if (performance.now() - told_at < progress_ms && done < total) return;
    told_at = performance.now();
    tell({ type: "progress", done, total });
  };
}
