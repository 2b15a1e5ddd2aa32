import type { Detail, Entry } from "../api/types";
import { go } from "../app/route";
import { parentOf } from "../drive/path";
import { useText } from "../i18n/i18n";
import { Chip } from "../ui/Chip";
import { EmptyState } from "../ui/EmptyState";
import { FileIcon } from "../ui/FileIcon";
import styles from "./SimilarTab.module.css";

/** The files most like this one, each with the reason. */
export function SimilarTab({ detail, onOpen }: { detail: Detail; onOpen: ((entry: Entry) => void) | undefined }) {
  const { t, percent } = useText();
  const similar = (detail.similar ?? []).filter((one) => one.entry !== undefined);
  const open = onOpen ?? ((entry: Entry) => go("drive", parentOf(entry.path), { open: entry.id }));
  if (similar.length === 0) {
    return (
      <EmptyState icon="similar" title={t("similar.none")}>
        {t(detail.analysed === "queued" ? "similar.queued_hint" : "similar.none_hint")}
      </EmptyState>
    );
  }
  return (
    <ul className={styles.list}>
      {similar.map(({ entry, score, why }) => (
        <li key={entry!.id}>
          <button type="button" className={styles.item} data-testid="similar" data-path={entry!.path} onClick={() => open(entry!)}>
            <FileIcon entry={entry!} size={22} />
            <span className={styles.words}>
              <span className={styles.name}>{entry!.name}</span>
              <span className={styles.path}>{parentOf(entry!.path)}</span>
            </span>
            <span className={styles.score} title={t("similar.score")}>
              {percent(score ?? 0)}
            </span>
          </button>
          {why && why.length > 0 && (
            <p className={styles.why} data-testid="similar-why">
              <span>{t("similar.why")}</span>
              {why.map((reason) => (
                <Chip key={reason}>{reason}</Chip>
              ))}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
