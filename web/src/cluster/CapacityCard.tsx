import type { Cluster } from "../api/types";
import { useText } from "../i18n/i18n";
import { Card } from "../ui/Card";
import { Meter } from "../ui/Meter";
import styles from "./Facts.module.css";

/** Space, and what it holds: raw bytes on the nodes beside the bytes that people put in. */
export function CapacityCard({ cluster }: { cluster: Cluster }) {
  const { t, bytes, number, percent } = useText();
  const { capacity_bytes: capacity = 0, used_bytes: used = 0 } = cluster;
  const share = capacity > 0 ? used / capacity : 0;
  const kind = share > 0.95 ? "bad" : share > 0.8 ? "warn" : "accent";
  return (
    <Card title={t("capacity.title")} icon="archive" note={percent(share)} testId="capacity">
      <p className={styles.big}>{t("capacity.used", { used: bytes(used), all: bytes(capacity) })}</p>
      <Meter value={share} kind={kind} label={t("capacity.title")} />
      <dl className={styles.facts}>
        <div>
          <dt>{t("capacity.files")}</dt>
          <dd>{number(cluster.files ?? 0)}</dd>
        </div>
        <div>
          <dt>{t("capacity.content")}</dt>
          <dd>{bytes(cluster.logical_bytes)}</dd>
        </div>
        <div>
          <dt>{t("capacity.stripes")}</dt>
          <dd>{number(cluster.stripes_total ?? 0)}</dd>
        </div>
      </dl>
    </Card>
  );
}
