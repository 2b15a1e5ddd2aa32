import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Detail } from "../api/types";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { shardMap } from "./shard_map";
import { ShardTable } from "./ShardTable";
import styles from "./ShardsTab.module.css";

const rows_step = 64;

/** On which storage nodes the file lies, which of them are up, and how many more may fail. */
export function ShardsTab({ detail }: { detail: Detail }) {
  const { t, bytes } = useText();
  const [limit, setLimit] = useState(rows_step);
  const { data: places, error, refetch } = useQuery({ queryKey: keys.places(detail.id), queryFn: ({ signal }) => api.places(detail.id, signal) });
  const { data: cluster } = useQuery({ queryKey: keys.cluster, queryFn: ({ signal }) => api.cluster(signal) });
  const map = useMemo(() => places && shardMap(places, cluster?.members ?? []), [places, cluster]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!places || !map) return <Skeleton lines={6} height={22} />;
  if (places.inline) {
    return (
      <EmptyState icon="shards" title={t("shards.inline")}>
        {t("shards.inline_hint", { size: bytes(places.size) })}
      </EmptyState>
    );
  }
  if (map.rows.length === 0) return <EmptyState icon="shards" title={t("shards.none")} />;

  const state = map.margin > 1 ? "ok" : map.margin >= 0 ? "warn" : "bad";
  const verdict = map.margin < 0 ? t("shards.unreadable") : map.margin === 0 ? t("shards.last") : t("shards.margin", { n: map.margin });
  const facts = [
    places.layout && t("shards.layout", { layout: places.layout }),
    t("shards.stripes", { n: places.stripe_count ?? map.rows.length }),
    places.matrix,
  ];
  return (
    <div className={styles.tab}>
      <p className={styles.verdict} data-state={state} data-testid="shard-verdict" role="status">
        <Icon name={state === "ok" ? "check" : "alert"} />
        {verdict}
      </p>
      <p className={styles.facts}>{facts.filter(Boolean).join(" · ")}</p>
      <ShardTable map={map} limit={limit} />
      {map.rows.length > limit && (
        <Button onClick={() => setLimit(limit + rows_step * 4)}>{t("shards.more", { n: map.rows.length - limit })}</Button>
      )}
      <ul className={styles.legend} aria-label={t("shards.legend")}>
        {(["data", "parity", "copy", "down"] as const).map((role) => (
          <li key={role}>
            <span data-role={role} />
            {t(`shards.${role}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
