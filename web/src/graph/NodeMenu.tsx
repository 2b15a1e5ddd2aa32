import { go } from "../app/route";
import { download, trash, type Movable } from "../drive/actions";
import { parentOf } from "../drive/path";
import { useText } from "../i18n/i18n";
import { quoted } from "../search/query";
import { Menu, type MenuItem } from "../ui/Menu";
import { movableOf } from "./actions";
import type { Model } from "./model";

interface Props {
  at: { x: number; y: number };
  id: string;
  model: Model;
  onOpen: (id: string) => void;
  onExpand: (id: string) => void;
  onMove: (entry: Movable) => void;
  onTag: (id: string) => void;
  onClose: () => void;
}

/** What can be done with a node of the graph. */
export function NodeMenu({ at, id, model, onOpen, onExpand, onMove, onTag, onClose }: Props) {
  const { t } = useText();
  const node = model.getNodeAttributes(id);
  const entry = movableOf(model, id);
  const items: MenuItem[] = [
    { label: t("common.open"), icon: "details", onSelect: () => onOpen(id) },
    { label: t("graph.expand"), icon: "graph", onSelect: () => onExpand(id) },
  ];
  if (node.kind === "tag") items.push({ label: t("graph.tag_files"), icon: "search", onSelect: () => go("search", "/", { q: `tag:${quoted(node.name)}` }) });
  if (entry) {
    const place = entry.kind === "folder" ? entry.path : parentOf(entry.path);
    items.push({ label: t("graph.show_in_drive"), icon: "drive", onSelect: () => go("drive", place, entry.kind === "file" ? { open: id } : {}) });
  }
  if (entry?.kind === "file") {
    items.push(
      { label: t("graph.add_tag"), icon: "tag", separated: true, onSelect: () => onTag(id) },
      { label: t("common.download"), icon: "download", onSelect: () => download([entry]) },
    );
  }
  if (entry && entry.path !== "/") {
    items.push(
      { label: t("common.move"), icon: "move", onSelect: () => onMove(entry) },
      { label: t("common.delete"), icon: "trash", danger: true, separated: true, onSelect: () => void trash([entry]) },
    );
  }
  return <Menu at={at} label={node.name} items={items} onClose={onClose} />;
}
