/** The page's one upload queue, and what starts it: drops and pickers. */
import { useSyncExternalStore } from "react";
import { createStore } from "../app/store";
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

/** Asks before the page is closed while bytes are on their way. */
export function startUploads(): void {
  window.addEventListener("beforeunload", (event) => {
    if (countsOf(uploads.snapshot()).open > 0) event.preventDefault();
  });
}
