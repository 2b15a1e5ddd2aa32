/**
 * What a person dropped or picked, as upload sources: files, and whole folders with all below them. Files are not
 * opened here; a folder of 100,000 files costs only its names.
 */
import { join } from "../drive/path";
import type { UploadSource } from "./upload";

const sources_max = 200_000;

/** The entries of a drop. Must run within the event: the browser empties the list afterwards. */
export function entriesOf(transfer: DataTransfer): FileSystemEntry[] {
  return [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry())
    .filter((entry): entry is FileSystemEntry => entry !== null);
}

/** Dropped files that have no entry, as those of programs and of scripts: no folder can be among them. */
export function looseSourcesOf(transfer: DataTransfer, folder: string): UploadSource[] {
  return [...transfer.items]
    .filter((item) => item.kind === "file" && item.webkitGetAsEntry() === null)
    .map((item) => item.getAsFile())
    .filter((file): file is File => file !== null)
    .map((file) => sourceOf(file, folder));
}

/** Sources in batches, depth first. Empty folders come as sources without `read`. Stops at 200,000. */
export async function* walk(entries: FileSystemEntry[], folder: string): AsyncGenerator<UploadSource[]> {
  const todo = entries.map((entry) => ({ entry, folder }));
  let count = 0;
  while (todo.length > 0 && count < sources_max) {
    const next = todo.shift()!;
    if (isFile(next.entry)) {
      count += 1;
      yield [await sourceOfEntry(next.entry, next.folder)];
      continue;
    }
    const inner = await readFolder(next.entry as FileSystemDirectoryEntry);
    const below = join(next.folder, next.entry.name);
    if (inner.length === 0) yield [{ folder: next.folder, name: next.entry.name, size: 0 }];
    const files = await Promise.all(inner.filter(isFile).map((file) => sourceOfEntry(file, below)));
    count += files.length;
    if (files.length > 0) yield files;
    todo.unshift(...inner.filter((entry) => !isFile(entry)).map((entry) => ({ entry, folder: below })));
  }
}

/** Sources of <input type=file>; with `webkitdirectory` files carry their place in the picked folder. */
export function sourcesOfInput(files: FileList, folder: string): UploadSource[] {
  return [...files].map((file) => {
    const inner = file.webkitRelativePath.split("/").slice(0, -1);
    return sourceOf(file, inner.reduce(join, folder));
  });
}

function sourceOf(file: File, folder: string): UploadSource {
  return { folder, name: file.name, size: file.size, read: () => Promise.resolve(file) };
}

async function sourceOfEntry(entry: FileSystemFileEntry, folder: string): Promise<UploadSource> {
  try {
    return sourceOf(await fileOf(entry), folder);
  } catch {
    // Unreadable now (gone, or not ours to read): it fails in the queue, where the person sees it.
    return { folder, name: entry.name, size: 0, read: () => fileOf(entry) };
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** readEntries answers at most 100 at a time and must be asked until it is empty. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
