/** One upload and what may become of it; upload/queue.ts moves it along. */
import type { ApiError } from "../api/problem";
import type { Entry } from "../api/types";

export type UploadState = "waiting" | "sending" | "storing" | "done" | "failed" | "conflict" | "skipped" | "cancelled";
export type OnConflict = "ask" | "replace" | "keep";

export interface Upload {
  readonly id: number;
  /** Drive path of the folder that it goes into. */
  readonly folder: string;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly state: UploadState;
  readonly attempts: number;
  readonly on_conflict: OnConflict;
  readonly error?: ApiError | undefined;
  readonly entry?: Entry | undefined;
}

/** What is to be stored: a file's bytes, or an empty folder (without `read`). */
export interface UploadSource {
  folder: string;
  name: string;
  size: number;
  read?: () => Promise<Blob>;
}

export interface Sending {
  /** The entry that was made. Rejects with ApiError; code "conflict" for a taken name. */
  done: Promise<Entry | undefined>;
  cancel(): void;
}

/** Stores one source; `onSent` reports bytes on the wire and is not called before send() returned. */
export type Send = (source: UploadSource, replace: boolean, onSent: (bytes: number) => void) => Sending;

export interface Counts {
  total: number;
  open: number;
  done: number;
  failed: number;
  conflict: number;
  bytes_total: number;
  bytes_sent: number;
}

export function countsOf(items: readonly Upload[]): Counts {
  const counts: Counts = { total: items.length, open: 0, done: 0, failed: 0, conflict: 0, bytes_total: 0, bytes_sent: 0 };
  for (const item of items) {
    if (isOpen(item)) counts.open += 1;
    if (item.state === "done") counts.done += 1;
    if (item.state === "failed") counts.failed += 1;
    if (item.state === "conflict") counts.conflict += 1;
    if (item.state === "cancelled" || item.state === "skipped") continue;
    counts.bytes_total += item.size;
    counts.bytes_sent += item.sent;
  }
  return counts;
}

/** It moves by itself: nobody has to do anything. */
export function isOpen(item: Upload): boolean {
  return item.state === "waiting" || item.state === "sending" || item.state === "storing";
}

/** The server cannot have stored it yet. */
export function isCancellable(item: Upload): boolean {
  return item.state === "waiting" || item.state === "sending";
}

/** It is stored, or will not be: nothing is left to be done or decided. */
export function isOver(item: Upload): boolean {
  return item.state === "done" || item.state === "skipped" || item.state === "cancelled";
}

/** Errors that go away by themselves: no answer, too many requests, a server or gateway that is away. */
export function isPassing(error: ApiError): boolean {
  return error.code === "offline" || [408, 425, 429, 502, 503, 504].includes(error.status);
}
