import type { MouseEvent } from "react";
import type { Entry } from "../api/types";
import { go } from "../app/route";
import { useText } from "../i18n/i18n";
import { tellingFirst } from "../panel/tag_order";
import { Chip } from "../ui/Chip";
import { FileIcon } from "../ui/FileIcon";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import type { Acts } from "./acts";
import { endDrag, startDrag } from "./drag";
import styles from "./FileRow.module.css";
import { RenameField } from "./RenameField";
import { only, rangeTo, toggled, type Selection } from "./selection";
import { useDropTarget } from "./useDropTarget";

interface Props {
  /** undefined: there is such a row, but its page has not come yet. */
  entry: Entry | undefined;
  index: number;
  /** px from the top of the rows. */
  top: number;
  is_selected: boolean;
  is_cursor: boolean;
  is_naming: boolean;
  all: readonly Entry[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** What an act upon this row means: the whole selection when the row belongs to it. */
  chosen: (entry: Entry) => Entry[];
  acts: Acts;
  plain_tags: ReadonlySet<string>;
  onNamed: () => void;
  onMenu: (entry: Entry, x: number, y: number) => void;
}

/** One entry in the list. A press selects, a double press (a tap on touch screens) opens. */
export function FileRow(props: Props) {
  const { entry, index, top, is_selected, is_cursor, is_naming, selection, onSelect, acts } = props;
  const { t, bytes, ago, moment } = useText();
  const { is_over, handlers } = useDropTarget(entry?.kind === "folder" ? entry.path : undefined);
  const place = { transform: `translateY(${top}px)` };
  if (!entry) {
    return (
      <div className={styles.row} style={place} role="row" aria-rowindex={index + 2} aria-busy>
        <span className={styles.unread} />
      </div>
    );
  }

  const press = (event: MouseEvent) => {
    if (event.shiftKey) onSelect(rangeTo(selection, entry.id, props.all));
    else if (event.metaKey || event.ctrlKey) onSelect(toggled(selection, entry.id));
    else if (isTouch(event)) acts.open(entry);
    else onSelect(only(entry.id));
  };
  return (
    <div
      id={`row-${entry.id}`}
      className={styles.row}
      style={place}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={is_selected}
      data-cursor={is_cursor || undefined}
      data-over={is_over || undefined}
      data-testid="row"
      data-name={entry.name}
      data-kind={entry.kind}
      data-id={entry.id}
      draggable={!is_naming}
      onDragStart={(event) => startDrag(event, props.chosen(entry))}
      onDragEnd={endDrag}
      onClick={press}
      onDoubleClick={() => !is_naming && acts.open(entry)}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onMenu(entry, event.clientX, event.clientY);
      }}
      {...handlers}
    >
      <span className={styles.check} role="gridcell">
        <button
          type="button"
          role="checkbox"
          tabIndex={-1}
          aria-checked={is_selected}
          aria-label={t("drive.select", { name: entry.name })}
          data-testid="row-check"
          onClick={(event) => {
            event.stopPropagation();
            onSelect(toggled(selection, entry.id));
          }}
        >
          {is_selected && <Icon name="check" size={12} />}
        </button>
      </span>
      <span className={styles.name} role="gridcell">
        <FileIcon entry={entry} />
        {is_naming ? <RenameField entry={entry} onDone={props.onNamed} /> : (
          <span className={styles.words}>
            <span className={styles.text}>{entry.name}</span>
            <span className={styles.sub} aria-hidden>
              {entry.kind === "folder" ? sizeOfFolder(entry) : bytes(entry.size)} · {ago(entry.modified)}
            </span>
          </span>
        )}
        <AnalysisMark entry={entry} />
      </span>
      <span className={styles.tags} role="gridcell">
        {tellingFirst(entry.tags ?? [], props.plain_tags).slice(0, 4).map((tag) => (
          <Chip key={tag} testId="row-tag" onClick={() => go("search", "/", { q: `tag:${quoted(tag)}` })}>
            {tag}
          </Chip>
        ))}
      </span>
      <span className={styles.modified} role="gridcell" title={moment(entry.modified)}>
        {ago(entry.modified)}
      </span>
      <span className={styles.size} role="gridcell">
        {entry.kind === "folder" ? sizeOfFolder(entry) : bytes(entry.size)}
      </span>
      <span className={styles.more} role="gridcell">
        <IconButton
          icon="more"
          label={t("drive.more", { name: entry.name })}
          tabIndex={-1}
          aria-haspopup="menu"
          data-testid="row-menu"
          onClick={(event) => {
            event.stopPropagation();
            const { right, bottom } = event.currentTarget.getBoundingClientRect();
            props.onMenu(entry, right - 200, bottom + 4);
          }}
        />
      </span>
    </div>
  );

  function sizeOfFolder(folder: Entry): string {
    return folder.children === undefined ? "–" : t("drive.items", { n: folder.children });
  }
}

/** A dot while the file waits for its analysis, a sign when that failed. */
function AnalysisMark({ entry }: { entry: Entry }) {
  const { t } = useText();
  if (entry.analysed === "queued") return <span className={styles.queued} title={t("drive.analysing")} role="img" aria-label={t("drive.analysing")} />;
  if (entry.analysed === "failed") return <Icon name="alert" size={14} label={t("drive.analysis_failed")} className={styles.failed} />;
  return null;
}

function isTouch(event: MouseEvent): boolean {
  return (event.nativeEvent as PointerEvent).pointerType === "touch";
}

function quoted(tag: string): string {
  return /\s/.test(tag) ? `"${tag}"` : tag;
}
