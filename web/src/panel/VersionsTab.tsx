import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Detail } from "../api/types";
import { useText } from "../i18n/i18n";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { Skeleton } from "../ui/Skeleton";
import { restoreVersion } from "./restore_version";
import styles from "./VersionsTab.module.css";

/** Every version of a file that is kept, newest first; each can be saved, or made the newest again. */
export function VersionsTab({ detail }: { detail: Detail }) {
  const { t, bytes, ago, moment } = useText();
  const { data, error, refetch } = useQuery({ queryKey: keys.versions(detail.id), queryFn: ({ signal }) => api.versions(detail.id, signal) });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} />;
  const versions = data.versions ?? [];
  if (versions.length === 0) return <EmptyState icon="history" title={t("versions.none")} />;
  return (
    <ol className={styles.list}>
      {versions.map((one) => (
        <li key={one.version} className={styles.item} data-testid="version" data-version={one.version}>
          <span className={styles.number}>{one.version}</span>
          <span className={styles.words}>
            <span title={moment(one.created)}>
              {ago(one.created)}
              {one.current && <em>{t("versions.current")}</em>}
            </span>
            <span className={styles.facts}>
              {[bytes(one.size), one.by, one.sha256?.slice(0, 12)].filter(Boolean).join(" · ")}
            </span>
          </span>
          {!one.current && one.version !== undefined && detail.may?.write && (
            <IconButton
              icon="restore"
              label={t("versions.restore", { n: one.version })}
              data-testid="version-restore"
              onClick={() => void restoreVersion(detail, one.version!)}
            />
          )}
          <a
            className={styles.save}
            href={api.downloadUrl(detail.path, one.version)}
            download={detail.name}
            aria-label={t("versions.download", { n: one.version ?? 0 })}
            title={t("versions.download", { n: one.version ?? 0 })}
          >
            <Icon name="download" />
          </a>
        </li>
      ))}
    </ol>
  );
}
