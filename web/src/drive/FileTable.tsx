import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import type { Acts } from "./acts";
import { EntryMenu } from "./EntryMenu";
import { FileRow } from "./FileRow";
import styles from "./FileTable.module.css";
import type { ListingState } from "./listing";
import { among, only, type Selection } from "./selection";
import type { Sort } from "./sort";
import { TableHead } from "./TableHead";
import { usePlainTags } from "./usePlainTags";
import { useTableKeys } from "./useTableKeys";

interface Props {
  /** In the order in which they are shown. */
  entries: readonly Entry[];
  listing: ListingState;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  acts: Acts;
  /** The entry whose name is being changed. */
  naming: string | undefined;
  onNamed: () => void;
  onNeedMore: () => void;
}

const read_ahead_rows = 200;

/** The entries of a folder. Only rows in sight exist, so 100,000 names cost no more than fifty. */
export function FileTable(props: Props) {
  const { entries, listing, selection, onSelect, acts, naming } = props;
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ x: number; y: number; entry: Entry }>();
  const row_height = useRowHeight();
  const plain_tags = usePlainTags();
  const count = Math.max(entries.length, listing.total);

  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => row_height,
    overscan: 12,
  });
  useEffect(() => rows.measure(), [row_height]);

  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const wants_more = typeof listing.next === "string" && listing.status !== "failed" && last + read_ahead_rows > entries.length;
  useEffect(() => {
    if (wants_more) props.onNeedMore();
  }, [wants_more, entries.length]);

  const reveal = (id: string | undefined) => {
    const at = entries.findIndex((entry) => entry.id === id);
    if (at >= 0) rows.scrollToIndex(at);
  };
  useEffect(() => reveal(selection.cursor), [selection.cursor]);
  const onKeyDown = useTableKeys({ entries, selection, onSelect, acts, page: Math.max(1, shown.length - 14) });

  const chosen = (entry: Entry) => (selection.ids.has(entry.id) ? among(selection, entries) : [entry]);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label={t("drive.list", { name: listing.folder?.name || t("drive.root") })}
      aria-multiselectable
      aria-rowcount={count + 1}
      aria-activedescendant={selection.cursor ? `row-${selection.cursor}` : undefined}
      tabIndex={0}
      data-testid="file-table"
      data-selecting={selection.ids.size > 1 || undefined}
      onKeyDown={onKeyDown}
    >
      <TableHead sort={props.sort} onSort={props.onSort} />
      <div className={styles.rows} role="presentation" style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => (
          <FileRow
            key={entries[index]?.id ?? `unread-${index}`}
            entry={entries[index]}
            index={index}
            top={start}
            is_selected={selection.ids.has(entries[index]?.id ?? "")}
            is_cursor={selection.cursor !== undefined && selection.cursor === entries[index]?.id}
            is_naming={naming !== undefined && naming === entries[index]?.id}
            all={entries}
            selection={selection}
            onSelect={onSelect}
            chosen={chosen}
            acts={acts}
            plain_tags={plain_tags}
            onNamed={() => {
              props.onNamed();
              scroller.current?.focus();
            }}
            onMenu={(entry, x, y) => {
              if (!selection.ids.has(entry.id)) onSelect(only(entry.id));
              setMenu({ x, y, entry });
            }}
          />
        ))}
      </div>
      {menu && <EntryMenu at={menu} entries={chosen(menu.entry)} acts={acts} onClose={() => setMenu(undefined)} />}
    </div>
  );
}

/** --row in px; it is larger for fingers. */
function useRowHeight(): number {
  const [height, setHeight] = useState(() => readRowHeight());
  useEffect(() => {
    const pointer = window.matchMedia("(pointer: coarse)");
    const read = () => setHeight(readRowHeight());
    pointer.addEventListener("change", read);
    return () => pointer.removeEventListener("change", read);
  }, []);
  return height;
}

function readRowHeight(): number {
  return parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10) || 38;
}
