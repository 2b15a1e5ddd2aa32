import { useState } from "react";
import type { Detail, Entry } from "../api/types";
import { currentRoute, go, hashOf } from "../app/route";
import { download, trash } from "../drive/actions";
import { parentOf } from "../drive/path";
import { RenameField } from "../drive/RenameField";
import { useText } from "../i18n/i18n";
import { FileIcon } from "../ui/FileIcon";
import { IconButton } from "../ui/IconButton";
import styles from "./PanelHead.module.css";
import { ShareDialog } from "./ShareDialog";

interface Props {
  detail: Detail;
  onClose: () => void;
  onMove: (entry: Entry) => void;
}

/** Name and place of the entry, and what can be done with it. */
export function PanelHead({ detail, onClose, onMove }: Props) {
  const { t, bytes, ago } = useText();
  const [is_naming, setNaming] = useState(false);
  const [is_sharing, setSharing] = useState(false);
  const may = detail.may ?? { write: true, share: true };
  const folder = parentOf(detail.path);
  const facts = [detail.kind === "file" ? bytes(detail.size) : t("drive.items", { n: detail.children ?? 0 }), ago(detail.modified)];
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <FileIcon entry={detail} size={24} />
        <div className={styles.words}>
          {is_naming ? (
            <RenameField entry={detail} onDone={() => setNaming(false)} />
          ) : (
            <h2 data-testid="panel-name" onDoubleClick={() => may.write !== false && setNaming(true)}>
              {detail.name || t("drive.root")}
            </h2>
          )}
          <p>
            <a href={hashOf("drive", folder, { open: detail.id })}>{folder === "/" ? t("drive.root") : folder}</a>
            <span> · {facts.filter((fact) => fact !== "–").join(" · ")}</span>
          </p>
        </div>
        <IconButton icon="close" label={t("common.close")} data-testid="panel-close" onClick={onClose} />
      </div>
      <div className={styles.acts} role="toolbar" aria-label={t("panel.actions")}>
        {detail.kind === "file" && <IconButton icon="download" label={t("common.download")} onClick={() => download([detail])} />}
        {detail.kind === "folder" && <IconButton icon="folder" label={t("common.open")} onClick={() => go("drive", detail.path)} />}
        <IconButton icon="rename" label={t("common.rename")} disabled={may.write === false} onClick={() => setNaming(true)} />
        <IconButton icon="move" label={t("common.move")} disabled={may.write === false} data-testid="panel-move" onClick={() => onMove(detail)} />
        {currentRoute().view !== "graph" && (
          <IconButton icon="graph" label={t("drive.show_in_graph")} onClick={() => go("graph", "/", { focus: detail.id })} />
        )}
        {currentRoute().view === "graph" && (
          <IconButton icon="drive" label={t("graph.show_in_drive")} onClick={() => go("drive", folder, { open: detail.id })} />
        )}
        <IconButton icon="share" label={t("share.title")} disabled={may.share === false} data-testid="panel-share" onClick={() => setSharing(true)} />
        <IconButton
          icon="trash"
          danger
          label={t("common.delete")}
          disabled={may.write === false}
          data-testid="panel-delete"
          onClick={() => {
            onClose();
            void trash([detail]);
          }}
        />
      </div>
      {is_sharing && <ShareDialog entry={detail} onClose={() => setSharing(false)} />}
    </header>
  );
}
