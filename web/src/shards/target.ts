/** Asks where results go. Pickers are Chromium's; elsewhere files are made in the page's storage and downloaded. */
import type { Target } from "../erasure/work";

declare global {
  interface Window {
    showDirectoryPicker?: (options: { mode: "readwrite"; id: string }) => Promise<FileSystemDirectoryHandle>;
    showSaveFilePicker?: (options: { suggestedName: string; id: string }) => Promise<FileSystemFileHandle>;
  }
}

export const has_pickers = () => window.showDirectoryPicker !== undefined && window.showSaveFilePicker !== undefined;

/** Undefined when the person thought better of it. */
export async function askFolder(): Promise<Target | undefined> {
  const folder = await unlessAborted(window.showDirectoryPicker!({ mode: "readwrite", id: "shards" }));
  return folder && { kind: "folder", folder };
}

export async function askFile(name: string): Promise<Target | undefined> {
  const file = await unlessAborted(window.showSaveFilePicker!({ suggestedName: name, id: "shards" }));
  return file && { kind: "file", file };
}

async function unlessAborted<T>(picked: Promise<T>): Promise<T | undefined> {
  try {
    return await picked;
  } catch (error) {
    if ((error as Error).name === "AbortError") return undefined;
    throw error;
  }
}
