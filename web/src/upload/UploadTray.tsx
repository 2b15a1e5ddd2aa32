import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useStore } from "../app/store";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import { Meter } from "../ui/Meter";
import { tray } from "./tray";
import { countsOf, isOver, type Upload } from "./upload";
import { UploadLine } from "./UploadLine";
import { uploads, useUploads, walking } from "./uploads";
import styles from "./UploadTray.module.css";

const line_px = 56;
/** When all went well, the list does not stay in the way. */
const shown_when_over_ms = 8_000;
/** What needs a person stands first, then what moves, then what waits, then what is over. */
const rank: Record<Upload["state"], number> = { conflict: 0, failed: 1, storing: 2, sending: 2, waiting: 3, done: 4, skipped: 5, cancelled: 5 };

/** All uploads of this page: how far they are, and what to do about those that are stuck. */
export function UploadTray() {
  const { t, bytes } = useText();
  const items = useUploads();
  const is_open = useStore(tray);
  const is_walking = useStore(walking) > 0;
  const counts = useMemo(() => countsOf(items), [items]);
  const lines = useMemo(() => [...items].sort((a, b) => rank[a.state] - rank[b.state] || a.id - b.id), [items]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => line_px, overscan: 6 });

  const started = items.at(-1)?.id;
  useEffect(() => {
    if (started !== undefined) tray.set(true);
  }, [started]);

  const is_over = items.length > 0 && items.every(isOver);
  useEffect(() => {
    if (!is_over || !is_open) return;
    const timer = setTimeout(() => tray.set(false), shown_when_over_ms);
    return () => clearTimeout(timer);
  }, [is_over, is_open]);

  if (!is_open || (items.length === 0 && !is_walking)) return null;
  const has_trouble = counts.conflict + counts.failed > 0;
  const title = () => {
    if (counts.open > 0) return t("upload.open", { n: counts.open });
    return has_trouble ? t("upload.trouble", { n: counts.conflict + counts.failed }) : t("upload.done", { n: counts.done });
  };
  return (
    <section className={styles.tray} aria-label={t("upload.title")} data-testid="upload-tray" data-open={counts.open} data-done={counts.done} data-failed={counts.failed}>
      <header className={styles.head}>
        <div className={styles.words}>
          <h2 role="status">{is_walking && counts.open === 0 ? t("upload.reading") : title()}</h2>
          {counts.open > 0 && <p>{t("upload.bytes", { done: bytes(counts.bytes_sent), all: bytes(counts.bytes_total) })}</p>}
        </div>
        {counts.open > 0 && (
          <Button kind="quiet" data-testid="cancel-all" onClick={() => uploads.cancelAll()}>
            {t("upload.cancel_all")}
          </Button>
        )}
        {counts.open === 0 && counts.failed > 0 && (
          <Button kind="quiet" icon="retry" onClick={() => uploads.retryFailed()}>
            {t("upload.retry_all")}
          </Button>
        )}
        <IconButton
          icon="close"
          label={t("upload.hide")}
          onClick={() => {
            tray.set(false);
            if (counts.open === 0) uploads.clear();
          }}
        />
      </header>
      {counts.open > 0 && (
        <Meter role="progressbar" value={counts.bytes_total > 0 ? counts.bytes_sent / counts.bytes_total : 0} label={t("upload.title")} testId="upload-progress" />
      )}
      {counts.conflict > 1 && (
        <div className={styles.all}>
          <span>{t("upload.for_all")}</span>
          {(["replace", "keep", "skip"] as const).map((decision) => (
            <button key={decision} type="button" data-testid={`conflict-all-${decision}`} onClick={() => uploads.resolve(lines[0]!.id, decision, true)}>
              {t(`upload.${decision}`)}
            </button>
          ))}
        </div>
      )}
      <div ref={scroller} className={styles.list}>
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <UploadLine key={lines[index]!.id} item={lines[index]!} top={start} />
          ))}
        </ul>
      </div>
    </section>
  );
}
