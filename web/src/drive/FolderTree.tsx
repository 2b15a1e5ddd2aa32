import { useState, type KeyboardEvent } from "react";
import { useText } from "../i18n/i18n";
import styles from "./FolderTree.module.css";
import { isWithin } from "./path";
import { TreeBranch } from "./TreeBranch";

interface Props {
  selected: string | undefined;
  onSelect: (path: string) => void;
  isDisabled?: (path: string) => boolean;
  /** This folder and those on the way to it are open from the start, and when it changes. */
  reveal?: string | undefined;
  /** Folders are places to drop on. */
  droppable?: boolean;
}

/** The folders of the drive. Each is read when it is opened; arrows move, open and close as in every tree. */
export function FolderTree({ selected, onSelect, isDisabled, reveal, droppable }: Props) {
  const { t } = useText();
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const isOpen = (path: string) => toggled.get(path) ?? (path === "/" || (reveal !== undefined && isWithin(reveal, path)));
  const toggle = (path: string, open: boolean) => setToggled((now) => new Map(now).set(path, open));
  return (
    <ul className={styles.tree} role="tree" aria-label={t("drive.folders")} data-testid="folder-tree" onKeyDown={onKeyDown}>
      <TreeBranch
        path="/"
        name={t("drive.root")}
        level={1}
        tree={{ selected, onSelect, isDisabled: isDisabled ?? (() => false), isOpen, toggle, droppable: droppable ?? false }}
      />
    </ul>
  );
}

function onKeyDown(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')];
  const now = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, now + step))]?.focus();
}
