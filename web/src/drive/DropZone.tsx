import type { ReactNode } from "react";
import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import styles from "./DropZone.module.css";
import { hasFiles } from "./drag";
import { nameOf } from "./path";
import { useDropTarget } from "./useDropTarget";

interface Props {
  folder: string;
  may_write: boolean;
  children: ReactNode;
}

/** The area under the list: files and whole folders dropped here are uploaded into the folder. */
export function DropZone({ folder, may_write, children }: Props) {
  const { t } = useText();
  const { is_over, handlers } = useDropTarget(may_write ? folder : undefined);
  return (
    <div
      className={styles.zone}
      data-testid="drop-zone"
      {...handlers}
      onDragOver={(event) => {
        // Even where nothing may be dropped, the browser must not leave the page for the file.
        if (hasFiles(event)) event.preventDefault();
      }}
    >
      {children}
      {is_over && (
        <div className={styles.over}>
          <div className={styles.note}>
            <Icon name="upload" size={22} />
            {t("drive.drop_here", { folder: folder === "/" ? t("drive.root") : nameOf(folder) })}
          </div>
        </div>
      )}
    </div>
  );
}
