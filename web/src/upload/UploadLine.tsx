import { hashOf } from "../app/route";
import { useText } from "../i18n/i18n";
import { FileIcon } from "../ui/FileIcon";
import { IconButton } from "../ui/IconButton";
import { Meter } from "../ui/Meter";
import { problemText } from "../ui/problem_text";
import { isCancellable, type Upload } from "./upload";
import styles from "./UploadLine.module.css";
import { uploads } from "./uploads";

interface Props {
  item: Upload;
  /** px from the top of the list. */
  top: number;
}

/** One upload: how far it is, or what is to be decided. */
export function UploadLine({ item, top }: Props) {
  const { t, bytes } = useText();
  const state = () => {
    switch (item.state) {
      case "sending":
        return t("upload.bytes", { done: bytes(item.sent), all: bytes(item.size) });
      case "waiting":
        return item.error ? t("upload.waits_again", { why: problemText(item.error).title }) : t("upload.waiting");
      case "failed":
        return item.error ? (problemText(item.error).hint ?? problemText(item.error).title) : t("upload.failed");
      default:
        return t(`upload.state.${item.state}`);
    }
  };
  return (
    <li className={styles.line} style={{ transform: `translateY(${top}px)` }} data-state={item.state} data-testid="upload-item" data-name={item.name}>
      <FileIcon entry={{ kind: "file", name: item.name, ...(item.entry?.media_type && { media_type: item.entry.media_type }) }} size={18} />
      <div className={styles.words}>
        {item.entry ? (
          <a className={styles.name} href={hashOf("drive", item.folder, { open: item.entry.id })}>
            {item.name}
          </a>
        ) : (
          <p className={styles.name}>{item.name}</p>
        )}
        {item.state === "sending" && item.size > 0 ? (
          <Meter role="progressbar" value={item.sent / item.size} label={item.name} />
        ) : (
          <p className={styles.state} title={state()}>
            {state()}
          </p>
        )}
      </div>
      {item.state === "conflict" && (
        <div className={styles.choices}>
          {(["replace", "keep", "skip"] as const).map((decision) => (
            <button
              key={decision}
              type="button"
              data-testid={`conflict-${decision}`}
              onClick={() => uploads.resolve(item.id, decision)}
            >
              {t(`upload.${decision}`)}
            </button>
          ))}
        </div>
      )}
      {(item.state === "failed" || item.state === "cancelled") && (
        <IconButton icon="retry" size={16} label={t("upload.retry", { name: item.name })} data-testid="upload-retry" onClick={() => uploads.retry(item.id)} />
      )}
      {isCancellable(item) && (
        <IconButton icon="close" size={16} label={t("upload.cancel", { name: item.name })} data-testid="upload-cancel" onClick={() => uploads.cancel(item.id)} />
      )}
    </li>
  );
}
