/**
 * What a person does to entries. Moves and deletions show at once and are taken back when the server refuses;
 * the live events that follow say the same again, which is harmless. Each function tells its outcome by a toast.
 */
import { api } from "../api/api";
import { keys } from "../api/keys";
import { asApiError } from "../api/problem";
import type { Entry } from "../api/types";
import { currentText } from "../i18n/i18n";
import { listings, queries } from "../live/live";
import { confirm } from "../ui/confirm";
import { toastProblem } from "../ui/problem_text";
import { toast } from "../ui/toasts";
import { inParallel } from "./in_parallel";
import { isWithin, join, nameOf, parentOf } from "./path";

export type Movable = Pick<Entry, "id" | "kind" | "name" | "path">;

/** The new folder's path; undefined when it was refused (the toast says why). */
export async function makeFolder(parent: string, name: string): Promise<string | undefined> {
  try {
    const entry = await api.makeFolder(join(parent, name));
    listings.apply({ type: "put", entry });
    return entry.path;
  } catch (error) {
    toastProblem(currentText().t("drive.make_folder_failed"), error);
    return undefined;
  }
}

export async function rename(entry: Entry, name: string): Promise<void> {
  const { t } = currentText();
  const to = join(parentOf(entry.path), name);
  if (to === entry.path) return;
  try {
    await moveOne(entry, to);
    toast({ kind: "done", text: t("drive.renamed", { name }), action: undoMove([{ entry, from: entry.path, to }]) });
  } catch (error) {
    toastProblem(t("drive.rename_failed", { name: entry.name }), error);
  }
}

/** Moves entries into a folder; those that are there already, or contain it, are left where they are. */
export async function moveInto(entries: readonly Movable[], folder: string): Promise<void> {
  const { t } = currentText();
  const moves = entries
    .filter((entry) => parentOf(entry.path) !== folder && !(entry.kind === "folder" && isWithin(folder, entry.path)))
    .map((entry) => ({ entry, from: entry.path, to: join(folder, entry.name) }));
  if (moves.length === 0) return;
  const { done, failed } = await inParallel(moves, (move) => moveOne(move.entry, move.to));
  const place = folder === "/" ? t("drive.root") : nameOf(folder);
  if (done.length > 0) {
    toast({ kind: "done", text: t("drive.moved", { n: done.length, folder: place }), action: undoMove(done) });
  }
  if (failed[0]) toastProblem(t("drive.move_failed", { name: failed[0].item.entry.name }), failed[0].error);
}

/** Moves entries to the trash; the toast can take it back. */
export async function trash(entries: readonly Movable[]): Promise<void> {
  const { t } = currentText();
  const { done, failed } = await inParallel(entries, trashOne);
  void queries.invalidateQueries({ queryKey: keys.trash });
  if (done.length > 0) {
    const text = done.length === 1 ? t("drive.trashed_one", { name: done[0]!.name }) : t("drive.trashed", { n: done.length });
    toast({ kind: "done", text, action: { label: t("common.undo"), run: () => void restore(done) } });
  }
  if (failed[0]) toastProblem(t("drive.trash_failed", { name: failed[0].item.name }), failed[0].error);
}

export async function restore(entries: readonly Movable[]): Promise<void> {
  const { t } = currentText();
  const { done, failed } = await inParallel(entries, async (entry) => {
    const back = await api.restore(entry.id);
    listings.apply({ type: "put", entry: back });
  });
  void queries.invalidateQueries({ queryKey: keys.trash });
  for (const entry of done) void queries.invalidateQueries({ queryKey: keys.detail(entry.id) });
  if (done.length > 0) toast({ kind: "done", text: t("trash.restored", { n: done.length }) });
  if (failed[0]) toastProblem(t("trash.restore_failed", { name: failed[0].item.name }), failed[0].error);
}

/** Deletes what is in the trash for ever, once the person has said so. */
export async function purge(entries: readonly Movable[]): Promise<void> {
  const { t } = currentText();
  const title = entries.length === 1 ? t("trash.purge_one", { name: entries[0]!.name }) : t("trash.purge_many", { n: entries.length });
  if (!(await confirm({ title, text: t("trash.purge_text"), confirm: t("trash.purge") }))) return;
  const { failed } = await inParallel(entries, (entry) => api.purge(entry.id));
  void queries.invalidateQueries({ queryKey: keys.trash });
  if (failed[0]) toastProblem(t("trash.purge_failed", { name: failed[0].item.name }), failed[0].error);
}

/** Saves files through the browser; folders cannot be saved at once and are named in a toast. */
export function download(entries: readonly Movable[]): void {
  const { t } = currentText();
  const files = entries.filter((entry) => entry.kind === "file");
  if (files.length < entries.length) toast({ kind: "bad", text: t("drive.no_folder_download"), hint: t("drive.no_folder_download_hint") });
  files.forEach((file, at) => setTimeout(() => saveAs(api.downloadUrl(file.path), file.name), at * 300));
}

function saveAs(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

async function moveOne(entry: Movable, to: string): Promise<void> {
  const before = entry.path;
  // A taken name is left to the server to refuse: shown at once, the move would hide the entry that has it.
  if (!listings.isTaken(to, entry.id)) {
    listings.apply({ type: "drop", path: before, id: entry.id });
    listings.apply({ type: "put", entry: { ...entry, path: to, name: nameOf(to) } });
  }
  try {
    const moved = await api.move(before, to);
    listings.apply({ type: "drop", path: before, id: entry.id });
    listings.apply({ type: "put", entry: moved });
    void queries.invalidateQueries({ queryKey: keys.detail(entry.id) });
  } catch (error) {
    listings.apply({ type: "drop", path: to, id: entry.id });
    listings.apply({ type: "put", entry });
    throw error;
  }
}

async function trashOne(entry: Movable): Promise<void> {
  listings.apply({ type: "drop", path: entry.path, id: entry.id });
  try {
    await api.remove(entry.path);
  } catch (error) {
    if (asApiError(error).status === 404) return; // Somebody else was faster.
    listings.apply({ type: "put", entry });
    throw error;
  }
}

interface Move {
  entry: Movable;
  from: string;
  to: string;
}

function undoMove(moves: readonly Move[]) {
  const { t } = currentText();
  const back = async () => {
    const { failed } = await inParallel(moves, (move) =>
      moveOne({ ...move.entry, path: move.to, name: nameOf(move.to) }, move.from),
    );
    if (failed[0]) toastProblem(t("drive.move_failed", { name: failed[0].item.entry.name }), failed[0].error);
  };
  return { label: t("common.undo"), run: () => void back() };
}
