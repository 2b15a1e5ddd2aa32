import type { Repair } from "../api/types";
import { useText } from "../i18n/i18n";
import { Card } from "../ui/Card";
import { Meter } from "../ui/Meter";
import styles from "./Facts.module.css";
import { progressOf } from "./durability";

/** What the repair loop does: how far, how long still, and what it waits for. */
export function RepairCard({ repair }: { repair: Repair | undefined }) {
  const { t, bytes, duration, number, percent } = useText();
  const { is_running, done, left, contents } = progressOf(repair);
  const work = left > 0 || contents === 0 ? t("repair.left", { n: left }) : t("repair.contents", { n: contents });
  const eta = repair?.eta_seconds;
  const note = is_running && eta !== undefined && eta > 0 ? t("repair.eta", { time: duration(eta) }) : undefined;
  return (
    <Card title={t("repair.title")} icon="repair" note={note} testId="repair">
      <p className={styles.big} data-testid="repair-state">
        {is_running ? work : t("repair.idle")}
      </p>
      <Meter
        role="progressbar"
        value={done}
        kind={is_running ? "accent" : "ok"}
        label={is_running ? t("repair.progress", { done: percent(done) }) : t("repair.idle")}
        testId="repair-bar"
      />
      {repair?.waits_for && (
        <p className={styles.waits} data-testid="repair-waits">
          {t("repair.waits", { what: repair.waits_for })}
        </p>
      )}
      <dl className={styles.facts}>
        <div>
          <dt>{t("repair.repaired")}</dt>
          <dd>{number(repair?.repaired_stripes ?? 0)}</dd>
        </div>
        <div>
          <dt>{t("repair.bytes")}</dt>
          <dd>{bytes(repair?.repaired_bytes ?? 0)}</dd>
        </div>
        {(repair?.failures ?? 0) > 0 && (
          <div data-kind="bad">
            <dt>{t("repair.failures")}</dt>
            <dd>{number(repair?.failures ?? 0)}</dd>
          </div>
        )}
      </dl>
    </Card>
  );
}
