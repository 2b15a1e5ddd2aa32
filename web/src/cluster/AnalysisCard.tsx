import type { AnalysisQueue } from "../api/types";
import { useText } from "../i18n/i18n";
import { Card } from "../ui/Card";
import { Meter } from "../ui/Meter";
import styles from "./Facts.module.css";

/** Files that wait to be read by the analysers. */
export function AnalysisCard({ analysis }: { analysis: AnalysisQueue | undefined }) {
  const { t, number } = useText();
  const { queued = 0, running = 0, failed = 0, workers = 0 } = analysis ?? {};
  const open = queued + running;
  const state = () => {
    if (workers === 0) return open > 0 ? t("analysis.no_workers") : t("analysis.no_workers_idle");
    return open > 0 ? t("analysis.open", { n: open }) : t("analysis.idle");
  };
  return (
    <Card title={t("analysis.title")} icon="spark" note={t("analysis.workers", { n: workers })} testId="analysis">
      <p className={styles.big}>{state()}</p>
      <Meter value={open === 0 ? 1 : running / open} kind={open === 0 ? "ok" : "accent"} label={t("analysis.title")} />
      <dl className={styles.facts}>
        <div>
          <dt>{t("analysis.queued")}</dt>
          <dd>{number(queued)}</dd>
        </div>
        <div>
          <dt>{t("analysis.running")}</dt>
          <dd>{number(running)}</dd>
        </div>
        <div data-kind={failed > 0 ? "bad" : undefined}>
          <dt>{t("analysis.failed")}</dt>
          <dd>{number(failed)}</dd>
        </div>
      </dl>
    </Card>
  );
}
