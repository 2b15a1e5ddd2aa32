import { useRef, useState, type ChangeEvent } from "react";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { uploadSources } from "../upload/uploads";
import { sourcesOfInput } from "../upload/walk";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import { Menu } from "../ui/Menu";
import { download } from "./actions";
import type { Acts } from "./acts";
import { Breadcrumbs } from "./Breadcrumbs";
import styles from "./DriveBar.module.css";
import type { ListingState } from "./listing";
import { NewFolderDialog } from "./NewFolderDialog";
import { SortMenu } from "./SortMenu";
import type { Sort } from "./sort";

interface Props {
  listing: ListingState;
  chosen: readonly Entry[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  acts: Acts;
  onClear: () => void;
}

/** Where we are, and what can be done here; while rows are selected, what can be done with them. */
export function DriveBar({ listing, chosen, sort, onSort, acts, onClear }: Props) {
  const { t } = useText();
  const files = useRef<HTMLInputElement>(null);
  const folders = useRef<HTMLInputElement>(null);
  const [menu, setMenu] = useState<{ x: number; y: number }>();
  const [making, setMaking] = useState(false);
  const may_write = listing.folder?.may?.write ?? listing.status !== "failed";

  const pick = (event: ChangeEvent<HTMLInputElement>) => {
    if (event.target.files) uploadSources(sourcesOfInput(event.target.files, listing.path));
    event.target.value = "";
  };

  return (
    <header className={styles.bar}>
      <div className={chosen.length > 0 ? styles.wide_place : styles.place}>
        <Breadcrumbs path={listing.path} />
      </div>
      {chosen.length > 0 ? (
        <div className={styles.actions} role="toolbar" aria-label={t("drive.selected", { n: chosen.length })}>
          <span className={styles.count}>{t("drive.selected", { n: chosen.length })}</span>
          <IconButton icon="download" label={t("common.download")} data-testid="bulk-download" onClick={() => download(chosen)} />
          <IconButton icon="move" label={t("common.move")} data-testid="bulk-move" onClick={() => acts.move(chosen)} />
          <IconButton icon="trash" danger label={t("common.delete")} data-testid="bulk-delete" onClick={() => acts.trash(chosen)} />
          <IconButton icon="close" label={t("drive.clear_selection")} onClick={onClear} />
        </div>
      ) : (
        <div className={styles.actions}>
          <SortMenu sort={sort} onSort={onSort} />
          <Button
            kind="quiet"
            icon="folder_add"
            className={styles.wide}
            disabled={!may_write}
            data-testid="new-folder"
            onClick={() => setMaking(true)}
          >
            {t("drive.new_folder")}
          </Button>
          <Button
            kind="primary"
            icon="upload"
            disabled={!may_write}
            aria-haspopup="menu"
            data-testid="upload"
            onClick={(event) => {
              const { right, bottom } = event.currentTarget.getBoundingClientRect();
              setMenu({ x: right - 200, y: bottom + 6 });
            }}
          >
            {t("drive.upload")}
          </Button>
        </div>
      )}
      <input ref={files} type="file" multiple hidden data-testid="file-input" onChange={pick} />
      <input ref={folders} type="file" hidden data-testid="folder-input" onChange={pick} {...{ webkitdirectory: "" }} />
      {menu && (
        <Menu
          at={menu}
          label={t("drive.upload")}
          onClose={() => setMenu(undefined)}
          items={[
            { label: t("drive.upload_files"), icon: "file", onSelect: () => files.current?.click() },
            { label: t("drive.upload_folder"), icon: "folder", onSelect: () => folders.current?.click() },
            { label: t("drive.new_folder"), icon: "folder_add", separated: true, onSelect: () => setMaking(true) },
          ]}
        />
      )}
      {making && <NewFolderDialog parent={listing.path} onClose={() => setMaking(false)} />}
    </header>
  );
}
