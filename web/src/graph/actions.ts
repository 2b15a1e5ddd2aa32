/** What is done to the drive from the graph. */
import { api } from "../api/api";
import { moveInto, type Movable } from "../drive/actions";
import { currentText } from "../i18n/i18n";
import { confirm } from "../ui/confirm";
import { toastProblem } from "../ui/problem_text";
import { toast } from "../ui/toasts";
import { addNeighbours, type Model } from "./model";

const neighbours_max = 200;

/** Reads the neighbours of a node and adds those that are not shown yet. */
export async function expand(model: Model, id: string): Promise<void> {
  const { t } = currentText();
  try {
    const added = addNeighbours(model, id, await api.neighbours(id, neighbours_max));
    toast({ kind: "done", text: added > 0 ? t("graph.expanded", { n: added }) : t("graph.expanded_none") });
  } catch (error) {
    toastProblem(t("graph.expand_failed"), error);
  }
}

/** A node was dropped on a folder: it moves there when the person meant it. */
export async function dropInto(model: Model, id: string, folder: string): Promise<void> {
  const { t } = currentText();
  const entry = movableOf(model, id);
  const { path, name } = model.getNodeAttributes(folder);
  if (!entry || path.startsWith(`${entry.path}/`)) return;
  const place = path === "/" ? t("drive.root") : name;
  const yes = await confirm({ title: t("graph.drop_title", { name: entry.name, folder: place }), text: t("graph.drop_text"), confirm: t("common.move") });
  if (yes) await moveInto([entry], path);
}

/** A file or folder of the graph as the drive's actions take it. */
export function movableOf(model: Model, id: string): Movable | undefined {
  const { kind, name, path } = model.getNodeAttributes(id);
  return kind === "file" || kind === "folder" ? { id, kind, name, path } : undefined;
}
