/** The page's one upload queue, and what starts it: drops and pickers. */
import { useSyncExternalStore } from "react";
import { api } from "../api/api";
import type { Entry } from "../api/types";
import { createStore } from "../app/store";
import { parentOf } from "../drive/path";
import { UploadQueue } from "./queue";
import { send } from "./transport";
import { countsOf, type Upload, type UploadSource } from "./upload";
import { walk } from "./walk";

export const uploads = new UploadQueue(send);
/** Folders that are being read for their names right now. */
export const walking = createStore(0);

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot);
}

export async function uploadEntries(entries: FileSystemEntry[], folder: string): Promise<void> {
  walking.set((count) => count + 1);
  try {
    for await (const sources of walk(entries, folder)) uploads.add(sources);
  } finally {
    walking.set((count) => count - 1);
  }
}

export function uploadSources(sources: UploadSource[]): void {
  uploads.add(sources);
}

/** An older version's bytes become the newest version; the older one stays as well. */
export function restoreVersion(entry: Entry, version: number, size: number): void {
  const read = () => api.fileBlob(entry.path, undefined, version);
  uploads.add([{ folder: parentOf(entry.path), name: entry.name, size, read }], "replace");
}

/** Asks before the page is closed while bytes are on their way. */
export function startUploads(): void {
  window.addEventListener("beforeunload", (event) => {
    if (countsOf(uploads.snapshot()).open > 0) event.preventDefault();
  });
}
