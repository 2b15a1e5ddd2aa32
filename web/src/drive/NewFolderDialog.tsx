import { useState } from "react";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { makeFolder } from "./actions";
import { faultOf } from "./path";

interface Props {
  parent: string;
  onClose: () => void;
  onMade?: (path: string) => void;
}

export function NewFolderDialog({ parent, onClose, onMade }: Props) {
  const { t } = useText();
  const [name, setName] = useState("");
  const [is_busy, setBusy] = useState(false);
  const fault = name === "" ? undefined : faultOf(name);

  const make = async () => {
    if (faultOf(name)) return;
    setBusy(true);
    const path = await makeFolder(parent, name);
    setBusy(false);
    if (path === undefined) return;
    onMade?.(path);
    onClose();
  };
  const actions = (
    <>
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      <Button kind="primary" busy={is_busy} disabled={faultOf(name) !== undefined} data-testid="make-folder" onClick={() => void make()}>
        {t("common.create")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("drive.new_folder")} onClose={onClose} actions={actions} testId="new-folder-dialog">
      <Field
        label={t("common.name")}
        value={name}
        autoFocus
        spellCheck={false}
        fault={fault && t(`drive.name.${fault}`)}
        data-testid="folder-name"
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && void make()}
      />
    </Dialog>
  );
}
