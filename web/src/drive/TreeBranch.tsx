import { useMemo, useState, type KeyboardEvent } from "react";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { listings } from "../live/live";
import { Icon } from "../ui/Icon";
import styles from "./FolderTree.module.css";
import { useDropTarget } from "./useDropTarget";
import { useListing } from "./useListing";

/** Branches are not virtual: of a folder of 100,000 folders so many are shown at a time. */
const folders_step = 200;

interface Tree {
  selected: string | undefined;
  onSelect: (path: string) => void;
  isDisabled: (path: string) => boolean;
  isOpen: (path: string) => boolean;
  toggle: (path: string, open: boolean) => void;
  droppable: boolean;
}

interface Props {
  path: string;
  name: string;
  level: number;
  tree: Tree;
}

export function TreeBranch({ path, name, level, tree }: Props) {
  const is_open = tree.isOpen(path);
  const is_selected = tree.selected === path;
  const is_disabled = tree.isDisabled(path);
  const { is_over, handlers } = useDropTarget(tree.droppable ? path : undefined);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const acts: Record<string, () => void> = {
      ArrowRight: () => tree.toggle(path, true),
      ArrowLeft: () => tree.toggle(path, false),
      Enter: () => !is_disabled && tree.onSelect(path),
      " ": () => !is_disabled && tree.onSelect(path),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <li role="none">
      <div
        className={styles.row}
        role="treeitem"
        aria-level={level}
        aria-expanded={is_open}
        aria-selected={is_selected}
        aria-disabled={is_disabled || undefined}
        tabIndex={is_selected || (tree.selected === undefined && level === 1) ? 0 : -1}
        title={name}
        data-testid="tree-item"
        data-path={path}
        data-over={is_over || undefined}
        style={{ paddingLeft: (level - 1) * 14 }}
        onClick={() => !is_disabled && tree.onSelect(path)}
        onDoubleClick={() => tree.toggle(path, !is_open)}
        onKeyDown={onKeyDown}
        {...handlers}
      >
        <span
          className={styles.twist}
          data-open={is_open || undefined}
          onClick={(event) => {
            event.stopPropagation();
            tree.toggle(path, !is_open);
          }}
        >
          <Icon name="chevron_right" size={14} />
        </span>
        <Icon name={level === 1 ? "drive" : "folder"} size={16} />
        <span className={styles.name}>{name}</span>
      </div>
      {is_open && <Branches path={path} level={level + 1} tree={tree} />}
    </li>
  );
}

function Branches({ path, level, tree }: Omit<Props, "name">) {
  const { t } = useText();
  const listing = useListing(path);
  const [limit, setLimit] = useState(folders_step);
  const folders = useMemo(() => firstFolders(listing.entries, limit + 1), [listing.entries, limit]);
  const has_more = folders.length > limit || typeof listing.next === "string";
  const more = () => {
    setLimit(limit + folders_step);
    if (folders.length <= limit) void listings.more(path);
  };
  return (
    <ul role="group">
      {folders.slice(0, limit).map((folder) => (
        <TreeBranch key={folder.id} path={folder.path} name={folder.name} level={level} tree={tree} />
      ))}
      {has_more && (
        <li role="none">
          <button type="button" className={styles.more} style={{ marginLeft: level * 14 }} onClick={more}>
            {t("drive.more_folders")}
          </button>
        </li>
      )}
    </ul>
  );
}

function firstFolders(entries: readonly Entry[], limit: number): Entry[] {
  const folders: Entry[] = [];
  for (const entry of entries) {
    if (folders.length === limit) break;
    if (entry.kind === "folder") folders.push(entry);
  }
  return folders;
}
