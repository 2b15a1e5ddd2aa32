/** Where coded bytes go, one file each. Whoever writes awaits each write: that is the back-pressure. */
import { ErasureError } from "./error";

export interface Sink {
  /** A new file. Errors: taken, unwritable. */
  open(name: string): Promise<Out>;
}

export interface Out {
  /** `bytes` may be reused when the promise settles. Bytes that nobody wrote are zeros. Errors: unwritable. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** The file is whole now. Errors: unwritable. */
  close(): Promise<void>;
  /** The file is not wanted; nothing is left of it, as far as that can be done. Never fails. */
  discard(): Promise<void>;
}

/** What TypeScript's "DOM" leaves out, as only workers have it. */
interface SyncFile {
  write(bytes: Uint8Array, options: { at: number }): number;
  close(): void;
}
type WithSyncAccess = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncFile> };

/** A folder that a person chose. A file of the same name is not replaced. */
export function folderSink(folder: FileSystemDirectoryHandle): Sink {
  return {
    async open(name) {
      const there = await folder.getFileHandle(name).then(() => true, (error: unknown) => (error as Error).name !== "NotFoundError");
      if (there) throw new ErasureError("taken", { name });
      const handle = await tell(name, folder.getFileHandle(name, { create: true }));
      return fileOut(handle, () => folder.removeEntry(name));
    },
  };
}

/** The one file that a person chose. */
export function fileSink(handle: FileSystemFileHandle): Sink {
  return { open: () => fileOut(handle, async () => undefined) };
}

async function fileOut(handle: FileSystemFileHandle, remove: () => Promise<void>): Promise<Out> {
  const { name } = handle;
  const file = await tell(name, handle.createWritable());
  return {
    write: (bytes, position) => tell(name, file.write({ type: "write", position, data: bytes as BufferSource })),
    close: () => tell(name, file.close()),
    discard: async () => {
      await file.abort().catch(() => undefined);
      await remove().catch(() => undefined);
    },
  };
}

const folder_prefix = "disgrafs-shards-";
const kept_ms = 24 * 3600 * 1000;

/**
 * The page's own storage, for browsers without pickers: the files are given to downloads afterwards. Only in a worker.
 * Folders of earlier pages go after a day; this one's by forget(), here or in work.ts.
 */
export class PrivateSink implements Sink {
  readonly #names: string[] = [];
  private constructor(
    private readonly root: FileSystemDirectoryHandle,
    private readonly folder: FileSystemDirectoryHandle,
  ) {}

  /** Of the folder, for forget() of work.ts. */
  get name(): string {
    return this.folder.name;
  }

  /** Errors: unwritable (a browser that has no such storage, or keeps none for this page). */
  static async make(): Promise<PrivateSink> {
    const root = await tell("storage", Promise.resolve().then(() => navigator.storage.getDirectory()));
    for await (const name of root.keys()) {
      const made_at = name.startsWith(folder_prefix) ? parseInt(name.slice(folder_prefix.length), 10) : NaN;
      if (Date.now() - made_at > kept_ms) await root.removeEntry(name, { recursive: true }).catch(() => undefined);
    }
    const folder = await tell("storage", root.getDirectoryHandle(`${folder_prefix}${Date.now()}-${crypto.randomUUID()}`, { create: true }));
    return new PrivateSink(root, folder);
  }

  async open(name: string): Promise<Out> {
    const handle = (await tell(name, this.folder.getFileHandle(name, { create: true }))) as WithSyncAccess;
    const file = await tell(name, handle.createSyncAccessHandle());
    this.#names.push(name);
    return {
      write: async (bytes, at) => {
        const written = await tell(name, Promise.resolve().then(() => file.write(bytes, { at })));
        if (written < bytes.length) throw new ErasureError("unwritable", { name, why: "QuotaExceededError" });
      },
      close: async () => file.close(),
      discard: async () => {
        file.close();
        await this.folder.removeEntry(name).catch(() => undefined);
      },
    };
  }

  /** The closed files, in the order in which they were opened. */
  async files(): Promise<File[]> {
    return Promise.all(this.#names.map(async (name) => (await this.folder.getFileHandle(name)).getFile()));
  }

  async forget(): Promise<void> {
    await this.root.removeEntry(this.folder.name, { recursive: true }).catch(() => undefined);
  }
}

/** What the browser says about a file, as an ErasureError. */
async function tell<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new ErasureError("unwritable", { name, why: (error as Error).name });
  }
}
