import type { Entry } from "../api/types";

/** What rows, menus and bars ask the view to do. */
export interface Acts {
  open: (entry: Entry) => void;
  look: (entry: Entry) => void;
  rename: (entry: Entry) => void;
  move: (entries: readonly Entry[]) => void;
  trash: (entries: readonly Entry[]) => void;
  details: (entry: Entry) => void;
}
