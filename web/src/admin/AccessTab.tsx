import { useState } from "react";
import { useUser } from "../app/session";
import { FolderTree } from "../drive/FolderTree";
import { useText } from "../i18n/i18n";
import styles from "./AccessTab.module.css";
import { GrantsEditor } from "./GrantsEditor";

/** Who may do what in each folder. */
export function AccessTab() {
  const { t } = useText();
  const [path, setPath] = useState(useUser().home ?? "/");
  return (
    <div className={styles.tab}>
      <div className={styles.tree}>
        <FolderTree selected={path} onSelect={setPath} reveal={path} />
      </div>
      <div className={styles.grants}>
        <h2>{path === "/" ? t("drive.root") : path}</h2>
        <GrantsEditor key={path} path={path} />
      </div>
    </div>
  );
}
