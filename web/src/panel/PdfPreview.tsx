import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Skeleton } from "../ui/Skeleton";
import { FoundText } from "./FoundText";
import styles from "./PdfPreview.module.css";

const pdf_bytes_max = 64_000_000;

/**
 * A PDF in the browser's own viewer. The bytes are fetched and shown under the type application/pdf whatever the server
 * calls them, so that a page of HTML with a false name cannot run. Browsers without a viewer show the text found in it.
 */
export function PdfPreview({ entry, large }: { entry: Entry; large: boolean }) {
  const { t } = useText();
  const can_show = navigator.pdfViewerEnabled && (entry.size ?? 0) <= pdf_bytes_max;
  const { data, error, refetch } = useQuery({
    queryKey: ["pdf", entry.id, entry.version],
    queryFn: ({ signal }) => api.fileBlob(entry.path, signal),
    enabled: can_show,
    gcTime: 0,
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(new Blob([data], { type: "application/pdf" }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);

  if (!can_show) {
    return (
      <>
        <EmptyState icon="pdf" title={t("preview.pdf_not_here")} />
        <FoundText id={entry.id} version={entry.version} />
      </>
    );
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!url) return <Skeleton lines={6} />;
  return <iframe className={`${styles.page} ${large ? styles.large : ""}`} src={`${url}#navpanes=0&view=FitH`} title={entry.name} />;
}
