import { useState } from "react";
import { api } from "../api/api";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { download } from "../drive/actions";
import { PdfPreview } from "./PdfPreview";
import styles from "./Preview.module.css";
import { previewKind } from "./preview_kind";
import { TextPreview } from "./TextPreview";

/** A file shown in the page, or an honest word that it cannot be. */
export function Preview({ entry, large }: { entry: Entry; large?: boolean }) {
  const { t } = useText();
  const [broken, setBroken] = useState<string>();
  const version = entry.version;
  const url = `${api.fileUrl(entry.path)}${version ? `?version=${version}` : ""}`;
  const kind = broken === url ? "none" : previewKind(entry);
  if (entry.size === 0) return <EmptyState icon="file" title={t("preview.empty")} />;
  switch (kind) {
    case "image":
      return (
        <div className={`${styles.stage} ${large ? styles.large : ""}`}>
          <img src={url} alt={entry.name} onError={() => setBroken(url)} />
        </div>
      );
    case "audio":
      return <audio className={styles.audio} src={url} controls preload="metadata" onError={() => setBroken(url)} />;
    case "video":
      return <video className={`${styles.stage} ${large ? styles.large : ""}`} src={url} controls preload="metadata" onError={() => setBroken(url)} />;
    case "pdf":
      return <PdfPreview entry={entry} large={large ?? false} />;
    case "text":
    case "markdown":
      return <TextPreview entry={entry} is_markdown={kind === "markdown"} />;
    default:
      return (
        <EmptyState
          icon="file"
          title={t("preview.none")}
          actions={
            <Button icon="download" onClick={() => download([entry])}>
              {t("common.download")}
            </Button>
          }
        >
          {t("preview.none_hint", { type: entry.media_type || t("preview.unknown_type") })}
        </EmptyState>
      );
  }
}
