import { useRef, type KeyboardEvent } from "react";
import type { Entry } from "../api/types";
import { currentRoute, go, setParams } from "../app/route";
import type { Acts } from "./acts";
import { parentOf } from "./path";
import { among, everything, no_selection, only, stepped, toggled, type Selection } from "./selection";

interface Parts {
  entries: readonly Entry[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
  acts: Acts;
  /** Rows that fit on the screen. */
  page: number;
}

const typing_pause_ms = 900;

/** The keyboard of the file list, as in file managers; letters jump to the first name that begins so. */
export function useTableKeys({ entries, selection, onSelect, acts, page }: Parts) {
  const typed = useRef({ text: "", at: 0 });

  const jump = (letter: string) => {
    const now = Date.now();
    typed.current = { text: (now - typed.current.at < typing_pause_ms ? typed.current.text : "") + letter.toLowerCase(), at: now };
    const found = entries.find((entry) => entry.name.toLowerCase().startsWith(typed.current.text));
    if (found) onSelect(only(found.id));
  };

  return (event: KeyboardEvent) => {
    const chosen = among(selection, entries);
    const cursor = entries.find((entry) => entry.id === selection.cursor) ?? chosen[0];
    const may_write = chosen.every((entry) => entry.may?.write !== false);
    const steps: Record<string, number> = {
      ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -entries.length, End: entries.length,
    };
    const command = event.metaKey || event.ctrlKey;
    const act = (run: () => void) => {
      event.preventDefault();
      run();
    };
    const step = steps[event.key];
    if (step !== undefined && !command && !event.altKey) return act(() => onSelect(stepped(selection, step, event.shiftKey, entries)));
    if (command && event.key.toLowerCase() === "a") return act(() => onSelect(everything(entries, selection)));
    if ((event.altKey || command) && event.key === "ArrowUp") return act(() => go("drive", parentOf(currentRoute().path)));
    const deletes = event.key === "Delete" || (command && event.key === "Backspace");
    if (deletes && chosen.length > 0 && may_write) return act(() => acts.trash(chosen));
    if (command || event.altKey) return;
    switch (event.key) {
      case "Enter":
        if (cursor) act(() => acts.open(cursor));
        return;
      case " ":
        return act(() => {
          if (cursor?.kind === "file" && chosen.length <= 1) acts.look(cursor);
          else if (cursor) onSelect(toggled(selection, cursor.id));
        });
      case "F2":
        if (cursor && may_write) act(() => acts.rename(cursor));
        return;
      case "Backspace":
        return act(() => go("drive", parentOf(currentRoute().path)));
      case "Escape":
        if (selection.ids.size > 0) onSelect(no_selection);
        else setParams({ open: undefined });
        return;
      default:
        if (event.key.length === 1 && event.key !== "/" && event.key !== "?") jump(event.key);
    }
  };
}
