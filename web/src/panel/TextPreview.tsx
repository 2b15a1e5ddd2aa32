import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { send } from "../api/call";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { ErrorState } from "../ui/ErrorState";
import { Skeleton } from "../ui/Skeleton";
import { decodeText } from "./preview_kind";
import styles from "./TextPreview.module.css";

const Markdown = lazy(() => import("./Markdown"));
const bytes_max = 262_144;

/** The beginning of a text file, at most 256 KiB of it. */
export function TextPreview({ entry, is_markdown }: { entry: Entry; is_markdown: boolean }) {
  const { t, bytes } = useText();
  const { data, error, refetch } = useQuery({
    queryKey: ["file_text", entry.id, entry.version],
    queryFn: async ({ signal }) => {
      const headers = { Range: `bytes=0-${bytes_max - 1}` };
      const response = await send("get_file", { parts: { path: entry.path }, headers, signal });
      return decodeText(new Uint8Array(await response.arrayBuffer()));
    },
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={10} />;
  return (
    <div>
      {is_markdown ? (
        <Suspense fallback={<Skeleton lines={10} />}>
          <Markdown text={data} path={entry.path} />
        </Suspense>
      ) : (
        <pre className={styles.text}>{data}</pre>
      )}
      {(entry.size ?? 0) > bytes_max && <p className={styles.cut}>{t("preview.cut", { size: bytes(bytes_max) })}</p>}
    </div>
  );
}
