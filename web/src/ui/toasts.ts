/** Short messages at the edge of the window, some with one thing to do ("Undo"). At most four are shown. */
import { createStore } from "../app/store";

export interface Toast {
  id: number;
  kind: "done" | "bad";
  text: string;
  hint?: string | undefined;
  action?: { label: string; run: () => void } | undefined;
}

const toasts_max = 4;
const shown_ms = { done: 6_000, bad: 12_000 };
let ids = 0;

export const toasts = createStore<readonly Toast[]>([]);

export function toast(fields: Omit<Toast, "id">): void {
  const id = ++ids;
  toasts.set((now) => [...now.slice(1 - toasts_max), { ...fields, id }]);
  setTimeout(() => dismiss(id), shown_ms[fields.kind] + (fields.action ? 4_000 : 0));
}

export function dismiss(id: number): void {
  toasts.set((now) => now.filter((one) => one.id !== id));
}
