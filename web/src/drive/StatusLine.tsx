import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import type { ListingState } from "./listing";
import styles from "./StatusLine.module.css";

/** How many entries there are, how far they are read, and what is selected. */
export function StatusLine({ listing, chosen }: { listing: ListingState; chosen: readonly Entry[] }) {
  const { t, bytes } = useText();
  const size = chosen.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
  const is_partly = typeof listing.next === "string";
  // Of a folder that could not be read no number is known.
  if (listing.status === "failed" && !listing.folder) return <footer className={styles.line} data-testid="status-line" />;
  return (
    <footer className={styles.line} data-testid="status-line">
      <span>{t("drive.items", { n: listing.total })}</span>
      {is_partly && <span>{t("drive.items_read", { n: listing.entries.length })}</span>}
      {chosen.length > 0 && (
        <span>
          {t("drive.selected", { n: chosen.length })}
          {size > 0 && ` · ${bytes(size)}`}
        </span>
      )}
      {listing.folder?.may?.write === false && <span>{t("drive.read_only")}</span>}
    </footer>
  );
}
