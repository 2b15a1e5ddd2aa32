import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import { useText } from "../i18n/i18n";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Skeleton } from "../ui/Skeleton";
import { AnalysisCard } from "./AnalysisCard";
import { CapacityCard } from "./CapacityCard";
import styles from "./ClusterView.module.css";
import { inOrder, progressOf } from "./durability";
import { DurabilityCard } from "./DurabilityCard";
import { History } from "./History";
import { MemberCard } from "./MemberCard";
import { RepairCard } from "./RepairCard";

/** Margins and space are not told by events; while a repair runs they change fast. */
const refresh_ms = 5_000;
const refresh_in_repair_ms = 1_500;

/** The cluster now: how safe the bytes are, what repairs them, and every member. States come by the live connection. */
export function ClusterView() {
  const { t } = useText();
  const { data: cluster, error, refetch } = useQuery({
    queryKey: keys.cluster,
    queryFn: ({ signal }) => api.cluster(signal),
    refetchInterval: (query) => (progressOf(query.state.data?.repair).is_running ? refresh_in_repair_ms : refresh_ms),
  });
  if (!cluster) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={9} height={26} />;
  const members = inOrder(cluster.members ?? []);
  const storage = members.filter((member) => member.role === "storage");
  const others = members.filter((member) => member.role !== "storage");
  return (
    <section className={styles.view} aria-labelledby="cluster-title" data-testid="cluster">
      <h1 id="cluster-title" className={styles.title}>
        {t("nav.cluster")}
      </h1>
      <DurabilityCard cluster={cluster} />
      <div className={styles.cards}>
        <RepairCard repair={cluster.repair} />
        <AnalysisCard analysis={cluster.analysis} />
        <CapacityCard cluster={cluster} />
      </div>
      <h2 className={styles.head}>{t("cluster.storage_nodes", { n: storage.length })}</h2>
      {storage.length === 0 ? (
        <EmptyState icon="cluster" title={t("cluster.no_storage")}>
          {t("cluster.no_storage_hint")}
        </EmptyState>
      ) : (
        <ul className={styles.members}>
          {storage.map((member) => (
            <MemberCard key={member.id} member={member} />
          ))}
        </ul>
      )}
      <h2 className={styles.head}>{t("cluster.other_members")}</h2>
      <ul className={styles.members}>
        {others.map((member) => (
          <MemberCard key={member.id} member={member} />
        ))}
      </ul>
      <History />
    </section>
  );
}
