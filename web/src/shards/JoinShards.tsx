import { useEffect, useState } from "react";
import { ErasureError } from "../erasure/error";
import type { Inspection } from "../erasure/inspect_shards";
import { wholeName } from "../erasure/decode_shards";
import { run } from "../erasure/work";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Skeleton } from "../ui/Skeleton";
import { toast } from "../ui/toasts";
import { errorText } from "./error_text";
import { startDecode } from "./job";
import styles from "./JoinShards.module.css";
import { PickFiles } from "./PickFiles";
import { askFile, has_pickers } from "./target";

/** Choose shard files: what they are, what is missing, and the file back. */
export function JoinShards({ disabled }: { disabled: boolean }) {
  const { t } = useText();
  const [files, setFiles] = useState<File[]>([]);
  const found = useInspection(files);
  return (
    <>
      <PickFiles
        label={t("shardfiles.choose_shards")}
        note={files.length > 0 ? t("shardfiles.chosen", { n: files.length }) : t("shardfiles.no_shards")}
        multiple
        disabled={disabled}
        testId="join-files"
        onPick={(picked) => setFiles((now) => merged(now, picked))}
      />
      {files.length > 0 && (
        <Button kind="quiet" icon="close" className={styles.clear} disabled={disabled} onClick={() => setFiles([])} data-testid="join-clear">
          {t("shardfiles.clear")}
        </Button>
      )}
      {files.length > 0 && !found && <Skeleton lines={3} />}
      {found instanceof ErasureError && (
        <p className={styles.bad} role="alert">
          {errorText(found)}
        </p>
      )}
      {found && !(found instanceof ErasureError) && <Found found={found} files={files} disabled={disabled} />}
    </>
  );
}

function Found({ found, files, disabled }: { found: Inspection; files: File[]; disabled: boolean }) {
  const { t, bytes } = useText();
  const { head, shards, refused, missing } = found;
  const need = head?.layout.k ?? 0;
  const can = head !== undefined && shards.size >= need;
  const first = [...shards.values()][0];
  const name = first ? wholeName(first.name) : "";

  const join = async () => {
    if (!head) return;
    try {
      const target = has_pickers() ? await askFile(name) : ({ kind: "downloads" } as const);
      if (target) await startDecode(name, head.size, files, target);
    } catch (error) {
      toast({ kind: "bad", text: t("shardfiles.error.folder", { why: (error as Error).message }) });
    }
  };
  return (
    <div className={styles.found} data-testid="join-found" data-can={can}>
      {head && (
        <p className={styles.facts}>
          <strong>{name}</strong> · {bytes(head.size)} · {t("shards.layout", { layout: `${head.layout.k}+${head.layout.m}` })}
        </p>
      )}
      {head && (
        <ol className={styles.grid} aria-label={t("shardfiles.set")}>
          {Array.from({ length: head.layout.k + head.layout.m }, (_, index) => (
            <li
              key={index}
              className={styles.shard}
              data-here={shards.has(index)}
              data-role={index < need ? "data" : "parity"}
              title={shards.get(index)?.name}
              aria-label={shards.has(index) ? t("shardfiles.here", { n: index }) : t("shardfiles.missing_one", { n: index })}
            >
              {index}
            </li>
          ))}
        </ol>
      )}
      <p className={can ? styles.good : styles.bad} role="status" data-testid="join-verdict">
        {!head && t("shardfiles.none")}
        {can && (missing.length === 0 ? t("shardfiles.all_here") : t("shardfiles.enough", { here: shards.size, need, missing: missing.join(", ") }))}
        {head && !can && t("shardfiles.error.too_few", { have: shards.size, k: need, missing: missing.join(", ") })}
      </p>
      {refused.length > 0 && (
        <ul className={styles.refused} aria-label={t("shardfiles.refused")} data-testid="join-refused">
          {refused.map(({ name: file, why }, at) => (
            <li key={at}>
              <strong>{file}</strong> {t(`shardfiles.fault.${why}`)}
            </li>
          ))}
        </ul>
      )}
      <Button kind="primary" icon="restore" className={styles.go} disabled={!can || disabled} data-testid="join-go" onClick={() => void join()}>
        {t("shardfiles.join_go")}
      </Button>
    </div>
  );
}

/** What the files are; undefined while they are read. */
function useInspection(files: readonly File[]): Inspection | ErasureError | undefined {
  const [found, setFound] = useState<Inspection | ErasureError>();
  useEffect(() => {
    setFound(undefined);
    if (files.length === 0) return;
    const stop = new AbortController();
    run({ work: "inspect", files: [...files] }, { signal: stop.signal }).then(
      (inspection) => stop.signal.aborted || setFound(inspection),
      (error: unknown) => stop.signal.aborted || setFound(error as ErasureError),
    );
    return () => stop.abort();
  }, [files]);
  return found;
}

/** Both lists; a file that was picked again counts once. */
function merged(old: readonly File[], picked: readonly File[]): File[] {
  const keyOf = ({ name, size, lastModified }: File) => `${name}/${size}/${lastModified}`;
  return [...new Map([...old, ...picked].map((file) => [keyOf(file), file])).values()];
}
