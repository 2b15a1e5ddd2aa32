import type { Entry } from "../api/types";
import { GrantsEditor } from "../admin/GrantsEditor";
import { useText } from "../i18n/i18n";
import { Dialog } from "../ui/Dialog";

/** Who may do what with one file or folder. */
export function ShareDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { t } = useText();
  return (
    <Dialog title={t("share.of", { name: entry.name || t("drive.root") })} onClose={onClose} testId="share-dialog">
      <GrantsEditor path={entry.path} />
    </Dialog>
  );
}
