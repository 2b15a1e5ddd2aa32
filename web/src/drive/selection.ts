/**
 * Which rows are selected, and where the cursor is. Pure: selection and act in, selection out. Ids, not places, so
 * that it survives live changes; ids of entries that went away are dropped by `among`.
 */
export interface Selection {
  ids: ReadonlySet<string>;
  /** The row that arrows start from. */
  cursor: string | undefined;
  /** Where a range began. */
  anchor: string | undefined;
}

export const no_selection: Selection = { ids: new Set(), cursor: undefined, anchor: undefined };

export function only(id: string): Selection {
  return { ids: new Set([id]), cursor: id, anchor: id };
}

export function toggled(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, cursor: id, anchor: id };
}

/** Everything between the anchor and `id`, in the order of `all`. */
export function rangeTo(selection: Selection, id: string, all: readonly { id: string }[]): Selection {
  const from = all.findIndex((one) => one.id === (selection.anchor ?? id));
  const to = all.findIndex((one) => one.id === id);
  if (from < 0 || to < 0) return only(id);
  const range = all.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set(range.map((one) => one.id)), cursor: id, anchor: selection.anchor ?? id };
}

export function everything(all: readonly { id: string }[], selection: Selection): Selection {
  return { ...selection, ids: new Set(all.map((one) => one.id)) };
}

/** The row `step` rows from the cursor (clamped), alone or as a range. */
export function stepped(selection: Selection, step: number, extend: boolean, all: readonly { id: string }[]): Selection {
  if (all.length === 0) return no_selection;
  const now = all.findIndex((one) => one.id === selection.cursor);
  const start = now < 0 ? (step > 0 ? -1 : all.length) : now;
  const next = all[Math.max(0, Math.min(all.length - 1, start + step))]!;
  return extend ? rangeTo(selection, next.id, all) : only(next.id);
}

/** The entries that are selected, in the order of `all`. */
export function among<Item extends { id: string }>(selection: Selection, all: readonly Item[]): Item[] {
  return selection.ids.size === 0 ? [] : all.filter((one) => selection.ids.has(one.id));
}
