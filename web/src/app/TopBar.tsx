import { SearchBar } from "../search/SearchBar";
import { useText } from "../i18n/i18n";
import { retryLive, useLiveStatus } from "../live/live";
import { Icon } from "../ui/Icon";
import { UploadButton } from "../upload/UploadButton";
import styles from "./TopBar.module.css";

/** The search bar, the uploads, and whether the page hears from the server. */
export function TopBar() {
  const { t } = useText();
  const status = useLiveStatus();
  return (
    <>
      <header className={styles.bar}>
        <SearchBar />
        <div className={styles.right}>
          <UploadButton />
          <span className={styles.live} data-status={status} data-testid="live-status" data-live={status} title={t(`live.${status}`)}>
            <span className={styles.dot} />
            <span className={styles.word}>{t(`live.${status}`)}</span>
          </span>
        </div>
      </header>
      {status === "offline" && (
        <div className={styles.offline} role="alert" data-testid="offline">
          <Icon name="offline" size={16} />
          <span>{t("live.offline_hint")}</span>
          <button type="button" onClick={retryLive}>
            {t("live.retry")}
          </button>
        </div>
      )}
    </>
  );
}
