import { useState } from "react";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { moveInto, type Movable } from "./actions";
import { FolderTree } from "./FolderTree";
import styles from "./MoveDialog.module.css";
import { NewFolderDialog } from "./NewFolderDialog";
import { isWithin, parentOf } from "./path";

/** Chooses the folder that entries move into. Places that would not work cannot be chosen. */
export function MoveDialog({ entries, onClose }: { entries: readonly Movable[]; onClose: () => void }) {
  const { t } = useText();
  const [target, setTarget] = useState(() => parentOf(entries[0]!.path));
  const [making, setMaking] = useState(false);
  const is_inside = (folder: string) => entries.some((entry) => entry.kind === "folder" && isWithin(folder, entry.path));
  const is_here = entries.every((entry) => parentOf(entry.path) === target);

  const actions = (
    <>
      <Button kind="quiet" icon="folder_add" className={styles.left} onClick={() => setMaking(true)}>
        {t("drive.new_folder")}
      </Button>
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      <Button
        kind="primary"
        disabled={is_here || is_inside(target)}
        data-testid="move-here"
        onClick={() => {
          void moveInto(entries, target);
          onClose();
        }}
      >
        {t("drive.move_here")}
      </Button>
    </>
  );
  const title = entries.length === 1 ? t("drive.move_one", { name: entries[0]!.name }) : t("drive.move_many", { n: entries.length });
  return (
    <Dialog title={title} onClose={onClose} actions={actions} testId="move-dialog">
      <div className={styles.tree}>
        <FolderTree selected={target} onSelect={setTarget} isDisabled={is_inside} reveal={target} />
      </div>
      {making && <NewFolderDialog parent={target} onClose={() => setMaking(false)} onMade={setTarget} />}
    </Dialog>
  );
}
