/**
 * Dragging entries onto folders inside the page, and files from outside onto anything. What is dragged inside is kept
 * here, since the browser hides a drag's data until it is dropped.
 */
import type { DragEvent } from "react";
import { createStore } from "../app/store";
import { entriesOf, looseSourcesOf } from "../upload/walk";
import { uploadEntries, uploadSources } from "../upload/uploads";
import { moveInto, type Movable } from "./actions";
import { isWithin, parentOf } from "./path";

const type = "application/x-disgrafs-entries";

export const dragged = createStore<readonly Movable[]>([]);

export function startDrag(event: DragEvent, entries: readonly Movable[]): void {
  dragged.set(entries);
  event.dataTransfer.setData(type, entries.map((entry) => entry.path).join("\n"));
  event.dataTransfer.setData("text/plain", entries.map((entry) => entry.path).join("\n"));
  event.dataTransfer.effectAllowed = "move";
}

export function endDrag(): void {
  dragged.set([]);
}

export function hasFiles(event: DragEvent | globalThis.DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Whether what is dragged may be dropped on this folder. */
export function canDrop(event: DragEvent, folder: string): boolean {
  if (hasFiles(event)) return true;
  if (!event.dataTransfer.types.includes(type)) return false;
  return dragged.get().some(
    (entry) => parentOf(entry.path) !== folder && !(entry.kind === "folder" && isWithin(folder, entry.path)),
  );
}

/** Does what the drop means: move what was dragged inside, upload what came from outside. */
export function drop(event: DragEvent, folder: string): void {
  event.preventDefault();
  event.stopPropagation();
  if (hasFiles(event)) {
    void uploadEntries(entriesOf(event.dataTransfer), folder);
    uploadSources(looseSourcesOf(event.dataTransfer, folder));
  } else {
    void moveInto(dragged.get(), folder);
  }
  endDrag();
}
