import { useStore } from "../app/store";
import { useText } from "../i18n/i18n";
import styles from "./UploadButton.module.css";
import { tray } from "./tray";
import { countsOf } from "./upload";
import { useUploads } from "./uploads";

/** How far the uploads are, while there are any; pressing shows or hides the list. */
export function UploadButton() {
  const { t, percent } = useText();
  const items = useUploads();
  const is_open = useStore(tray);
  if (items.length === 0) return null;
  const counts = countsOf(items);
  const done = counts.bytes_total > 0 ? counts.bytes_sent / counts.bytes_total : 1;
  const has_trouble = counts.failed + counts.conflict > 0;
  const words = counts.open > 0 ? percent(done) : has_trouble ? t("upload.trouble_short") : t("upload.done_short");
  return (
    <button
      type="button"
      className={styles.button}
      data-trouble={has_trouble || undefined}
      aria-expanded={is_open}
      aria-label={t("upload.show")}
      data-testid="upload-button"
      onClick={() => tray.set(!is_open)}
    >
      <svg width="18" height="18" viewBox="0 0 20 20" aria-hidden>
        <circle cx="10" cy="10" r="8" />
        <circle cx="10" cy="10" r="8" pathLength="1" strokeDasharray={`${counts.open > 0 ? done : 1} 1`} />
      </svg>
      {words}
    </button>
  );
}
