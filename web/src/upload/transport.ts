/**
 * Stores one upload source through the API, by XMLHttpRequest since fetch tells no upload progress.
 *
 * New files are sent with `If-None-Match: *`, so nobody's file is replaced unasked. Large ones ask first whether the
 * name is free, to learn of a conflict before the bytes and not behind them.
 */
import { api } from "../api/api";
import { send as request } from "../api/call";
import { urlOf } from "../api/operations";
import { ApiError, asApiError, offlineError, problemOf } from "../api/problem";
import type { Entry } from "../api/types";
import { join } from "../drive/path";
import type { Send, UploadSource } from "./upload";

const ask_first_above_bytes = 4_000_000;
/** Without any byte sent; an upload on a cut line must not wait for ever. */
const stall_ms = 60_000;
/** From the last byte to the answer: a large file is coded and synced on k + m nodes. */
const answer_ms = 300_000;

export const send: Send = (source, replace, onSent) => {
  const stop = new AbortController();
  const done = store(source, replace, onSent, stop.signal);
  return { done, cancel: () => stop.abort() };
};

async function store(
  source: UploadSource, replace: boolean, onSent: (bytes: number) => void, signal: AbortSignal,
): Promise<Entry | undefined> {
  const path = join(source.folder, source.name);
  if (!source.read) return makeFolder(path);
  const file = await source.read().catch(() => Promise.reject(unreadable(source.name)));
  if (!replace && file.size > ask_first_above_bytes && (await exists(path, signal))) throw taken(path);
  try {
    return await put(path, file, replace, onSent, signal);
  } catch (error) {
    const problem = asApiError(error);
    const is_taken = problem.status === 412 || (problem.status === 409 && !replace);
    throw is_taken ? taken(path) : problem;
  }
}

function put(
  path: string, file: Blob, replace: boolean, onSent: (bytes: number) => void, signal: AbortSignal,
): Promise<Entry> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let stall = setTimeout(() => xhr.abort(), stall_ms);
    const alive = (ms: number) => {
      clearTimeout(stall);
      stall = setTimeout(() => xhr.abort(), ms);
    };
    xhr.open("PUT", urlOf("put_file", { path }));
    xhr.setRequestHeader("X-Requested-With", "disgrafs");
    if (!replace) xhr.setRequestHeader("If-None-Match", "*");
    xhr.upload.onprogress = (event) => {
      alive(event.loaded >= file.size ? answer_ms : stall_ms);
      onSent(event.loaded);
    };
    xhr.onloadend = () => {
      clearTimeout(stall);
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText) as Entry);
      else if (xhr.status === 0) reject(offlineError());
      else reject(errorOf(xhr));
    };
    signal.addEventListener("abort", () => xhr.abort(), { once: true });
    if (signal.aborted) reject(offlineError());
    else xhr.send(file);
  });
}

async function makeFolder(path: string): Promise<Entry | undefined> {
  try {
    return await api.makeFolder(path);
  } catch (error) {
    if (asApiError(error).status === 409) return undefined; // It is there, which is all we wanted.
    throw error;
  }
}

async function exists(path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await request("head_file", { parts: { path }, signal });
    return true;
  } catch (error) {
    if (asApiError(error).status === 404) return false;
    throw error;
  }
}

function errorOf(xhr: XMLHttpRequest): ApiError {
  const wait = Number(xhr.getResponseHeader("Retry-After"));
  const problem = problemOf(xhr.status, xhr.responseText, xhr.getResponseHeader("X-Request-Id"));
  return new ApiError(problem, wait > 0 ? wait : undefined);
}

function taken(path: string): ApiError {
  return new ApiError({ type: "", title: "Name taken", status: 412, code: "conflict", detail: path, request_id: "" });
}

function unreadable(name: string): ApiError {
  return new ApiError({ type: "", title: "Unreadable", status: 0, code: "unreadable", detail: name, request_id: "" });
}
