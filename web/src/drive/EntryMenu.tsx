import type { Entry } from "../api/types";
import { go, hashOf } from "../app/route";
import { useText } from "../i18n/i18n";
import { Menu, type MenuItem } from "../ui/Menu";
import { toast } from "../ui/toasts";
import { download } from "./actions";
import type { Acts } from "./acts";

interface Props {
  at: { x: number; y: number };
  entries: readonly Entry[];
  acts: Acts;
  onClose: () => void;
}

/** What can be done with one entry, or with all that are selected. */
export function EntryMenu({ at, entries, acts, onClose }: Props) {
  const { t } = useText();
  const [first] = entries;
  if (!first) return null;
  const is_one = entries.length === 1;
  const may_write = entries.every((entry) => entry.may?.write !== false);
  const one: MenuItem[] = [
    { label: t("common.open"), icon: first.kind === "folder" ? "folder" : "file", shortcut: "⏎", onSelect: () => acts.open(first) },
    ...(first.kind === "file" ? [{ label: t("drive.quick_look"), icon: "expand" as const, shortcut: "␣", onSelect: () => acts.look(first) }] : []),
    { label: t("drive.details"), icon: "details", onSelect: () => acts.details(first) },
    { label: t("drive.show_in_graph"), icon: "graph", onSelect: () => go("graph", "/", { focus: first.id }) },
    { label: t("drive.copy_link"), icon: "link", onSelect: () => copyLink(first) },
  ];
  const items: MenuItem[] = [
    ...(is_one ? one : []),
    { label: t("common.download"), icon: "download", separated: is_one, onSelect: () => download(entries) },
    ...(is_one ? [{ label: t("common.rename"), icon: "rename" as const, shortcut: "F2", disabled: !may_write, onSelect: () => acts.rename(first) }] : []),
    { label: t("common.move"), icon: "move", disabled: !may_write, onSelect: () => acts.move(entries) },
    { label: t("common.delete"), icon: "trash", danger: true, separated: true, shortcut: "Del", disabled: !may_write, onSelect: () => acts.trash(entries) },
  ];
  return <Menu at={at} label={is_one ? first.name : t("drive.selected", { n: entries.length })} items={items} onClose={onClose} />;

  function copyLink(entry: Entry) {
    const folder = entry.kind === "folder" ? entry.path : entry.path.slice(0, -entry.name.length - 1) || "/";
    const hash = hashOf("drive", folder, entry.kind === "folder" ? {} : { open: entry.id });
    void navigator.clipboard
      .writeText(location.origin + location.pathname + hash)
      .then(() => toast({ kind: "done", text: t("drive.link_copied") }), () => toast({ kind: "bad", text: t("drive.link_not_copied") }));
  }
}
