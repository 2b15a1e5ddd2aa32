import type { Cluster } from "../api/types";
import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import styles from "./DurabilityCard.module.css";
import { durabilityOf, type Durability } from "./durability";

/** The one question of an operator: would anything be lost if a machine died now? */
export function DurabilityCard({ cluster }: { cluster: Cluster }) {
  const { t, number } = useText();
  const durability = durabilityOf(cluster);
  const { levels, margin, total } = durability;
  const state = stateOf(cluster, durability);
  const words = () => {
    if (margin === undefined) return t("durability.nothing");
    if (margin < 0) return t("durability.unreadable", { n: levels.filter((level) => level.margin < 0).reduce((sum, level) => sum + level.stripes, 0) });
    return margin === 0 ? t("durability.none_may_fail") : t("durability.may_fail", { n: margin });
  };
  const flags = [
    t(cluster.can_read_all === false ? "durability.reads_some" : "durability.reads"),
    cluster.can_write === false ? t("durability.no_writes") : t("durability.writes", { layout: cluster.write_layout ?? "" }),
  ];
  return (
    <section className={styles.card} data-state={state} data-testid="durability">
      <div className={styles.verdict}>
        <span className={styles.badge}>
          <Icon name={state === "ok" ? "check" : "alert"} size={22} />
        </span>
        <div>
          <h2 role="status">{words()}</h2>
          <p>{flags.join(" · ")}</p>
        </div>
      </div>
      {total > 0 && (
        <>
          <div className={styles.bar} role="img" aria-label={t("durability.bar")}>
            {levels.map((level) => (
              <span
                key={level.margin}
                data-margin={Math.max(-1, Math.min(3, level.margin))}
                style={{ flexGrow: Math.max(level.share, 0.012) }}
                title={`${label(level.margin)}: ${number(level.stripes)}`}
              />
            ))}
          </div>
          <ul className={styles.legend}>
            {levels.map((level) => (
              <li key={level.margin} data-testid="margin" data-margin={level.margin} data-stripes={level.stripes}>
                <span data-margin={Math.max(-1, Math.min(3, level.margin))} />
                {label(level.margin)}
                <b>{number(level.stripes)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );

  function label(level: number): string {
    if (level < 0) return t("durability.level_lost");
    return level === 0 ? t("durability.level_none") : t("durability.level", { n: level });
  }
}

function stateOf(cluster: Cluster, { margin }: Durability): "ok" | "warn" | "bad" {
  if ((margin ?? 1) < 0 || cluster.can_read_all === false) return "bad";
  if ((margin ?? 2) < 2 && margin !== undefined) return margin === 0 ? "bad" : "warn";
  return cluster.can_write === false ? "warn" : "ok";
}
