import { go, useRoute } from "../app/route";
import { useStore } from "../app/store";
import { useText } from "../i18n/i18n";
import { Tabs } from "../ui/Tabs";
import { job } from "./job";
import { JobCard } from "./JobCard";
import { JoinShards } from "./JoinShards";
import { MakeShards } from "./MakeShards";
import styles from "./ShardsView.module.css";

/** A file into shard files and back, in this browser; nothing is sent anywhere. */
export default function ShardsView() {
  const { t } = useText();
  const { path } = useRoute();
  const current = useStore(job);
  const tab = path === "/join" ? "join" : "make";
  const is_running = current?.state === "running";
  return (
    <section className={styles.view} aria-labelledby="shards-title">
      <h1 id="shards-title" className={styles.title}>
        {t("shardfiles.title")}
      </h1>
      <p className={styles.intro}>{t("shardfiles.intro")}</p>
      <Tabs
        label={t("shardfiles.title")}
        tabs={[
          { id: "make", label: t("shardfiles.make") },
          { id: "join", label: t("shardfiles.join") },
        ]}
        selected={tab}
        onSelect={(id) => go("shards", id === "join" ? "/join" : "/")}
        testId="shardfiles"
      />
      <div id="panel-shardfiles" role="tabpanel" className={styles.panel}>
        {tab === "make" ? <MakeShards disabled={is_running} /> : <JoinShards disabled={is_running} />}
      </div>
      {current && <JobCard job={current} />}
    </section>
  );
}
