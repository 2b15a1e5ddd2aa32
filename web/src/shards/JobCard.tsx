import { useEffect, useState } from "react";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { Meter } from "../ui/Meter";
import { errorText } from "./error_text";
import { cancelJob, closeJob, type ShardJob } from "./job";
import styles from "./JobCard.module.css";

/** How far the job is; then what it made, or why it did not. */
export function JobCard({ job }: { job: ShardJob }) {
  const { t, bytes, duration, percent } = useText();
  if (job.state === "running") {
    const seconds = (performance.now() - job.started) / 1000;
    const rate = job.done / Math.max(seconds, 0.001);
    const done = job.total > 0 ? job.done / job.total : 0;
    const left = rate > 0 ? (job.total - job.done) / rate : undefined;
    return (
      <Card title={job.name} icon="shards" note={percent(done)} testId="shard-job">
        <Meter role="progressbar" value={done} label={t("shardfiles.progress", { name: job.name })} testId="shard-progress" />
        <p className={styles.facts}>
          {t("shardfiles.rate", { done: bytes(job.done), all: bytes(job.total), rate: bytes(rate) })}
          {left !== undefined && seconds > 1 && ` · ${t("shardfiles.left", { time: duration(left) })}`}
        </p>
        <Button icon="close" onClick={cancelJob} data-testid="shard-cancel">
          {t("common.cancel")}
        </Button>
      </Card>
    );
  }
  if (job.state === "failed") {
    return (
      <Card title={job.name} icon="alert" testId="shard-job">
        <p className={styles.bad} role="alert" data-testid="shard-error">
          {errorText(job.error)}
        </p>
        <Button onClick={closeJob}>{t("common.dismiss")}</Button>
      </Card>
    );
  }
  return <Done job={job} />;
}

function Done({ job }: { job: Exclude<ShardJob, { state: "running" | "failed" }> }) {
  const { t, bytes, duration } = useText();
  const { downloads } = job.result;
  const damaged = job.state === "decoded" ? [...job.result.decoded.damaged] : [];
  const what = job.state === "encoded" ? t("shardfiles.made", { n: job.result.names.length, name: job.name }) : t("shardfiles.back", { name: job.name });
  return (
    <Card title={job.name} icon="check" testId="shard-job">
      <p role="status" data-testid="shard-done" data-state={job.state}>
        {what} {job.seconds >= 1 && t("shardfiles.took", { time: duration(job.seconds), rate: bytes(job.total / job.seconds) })}
      </p>
      {damaged.length > 0 && (
        <p className={styles.warn} data-testid="shard-damaged">
          {t("shardfiles.damaged", { shards: damaged.map(([index, blocks]) => `${index} (${blocks})`).join(", ") })}
        </p>
      )}
      {downloads.length > 0 && <Downloads files={downloads} />}
      <Button onClick={closeJob} data-testid="shard-close">
        {downloads.length > 0 ? t("shardfiles.forget") : t("common.dismiss")}
      </Button>
    </Card>
  );
}

/** The files lie in the page's storage; each link saves one. */
function Downloads({ files }: { files: readonly File[] }) {
  const { t, bytes } = useText();
  const [urls, setUrls] = useState<string[]>([]);
  useEffect(() => {
    const made = files.map((file) => URL.createObjectURL(file));
    setUrls(made);
    return () => made.forEach((url) => URL.revokeObjectURL(url));
  }, [files]);
  return (
    <>
      <p className={styles.facts}>{t("shardfiles.downloads")}</p>
      <ul className={styles.files}>
        {urls.map((url, at) => (
          <li key={url}>
            <a href={url} download={files[at]!.name} data-testid="shard-download">
              {files[at]!.name}
            </a>{" "}
            <span>{bytes(files[at]!.size)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
