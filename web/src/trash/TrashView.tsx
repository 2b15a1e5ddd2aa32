import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Entry } from "../api/types";
import { purge, restore } from "../drive/actions";
import { parentOf } from "../drive/path";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { FileIcon } from "../ui/FileIcon";
import { IconButton } from "../ui/IconButton";
import { Skeleton } from "../ui/Skeleton";
import styles from "./TrashView.module.css";

/** What was deleted and can still come back, newest first. */
export function TrashView() {
  const { t, ago, moment, bytes } = useText();
  const { data, error, refetch } = useQuery({ queryKey: keys.trash, queryFn: ({ signal }) => api.trash(signal) });
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} height={20} />;
  const lines = (data.entries ?? []).filter((one) => one.entry !== undefined);
  const entries = lines.map((one) => one.entry as Entry);
  return (
    <section className={styles.view} aria-labelledby="trash-title">
      <header className={styles.head}>
        <h1 id="trash-title">{t("nav.trash")}</h1>
        <Button kind="danger" icon="trash" disabled={entries.length === 0} data-testid="empty-trash" onClick={() => void purge(entries)}>
          {t("trash.empty_it")}
        </Button>
      </header>
      {lines.length === 0 ? (
        <EmptyState icon="trash" title={t("trash.empty")}>
          {t("trash.empty_hint")}
        </EmptyState>
      ) : (
        <ul className={styles.list} data-testid="trash-list">
          {lines.map(({ entry, deleted, by, from }) => (
            <li key={entry!.id} className={styles.line} data-testid="trash-row" data-name={entry!.name}>
              <FileIcon entry={entry!} size={22} />
              <div className={styles.words}>
                <p className={styles.name}>{entry!.name}</p>
                <p className={styles.facts} title={moment(deleted)}>
                  {t("trash.was_in", { folder: parentOf(from ?? entry!.path) })} · {ago(deleted)}
                  {by && ` · ${by}`}
                  {entry!.kind === "file" && ` · ${bytes(entry!.size)}`}
                </p>
              </div>
              <Button icon="restore" data-testid="restore" onClick={() => void restore([entry!])}>
                {t("trash.restore")}
              </Button>
              <IconButton icon="close" danger label={t("trash.purge_one", { name: entry!.name })} data-testid="purge" onClick={() => void purge([entry!])} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
