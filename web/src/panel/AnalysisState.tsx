import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Detail } from "../api/types";
import { useText } from "../i18n/i18n";
import { queries } from "../live/live";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { toastProblem } from "../ui/problem_text";
import styles from "./AnalysisState.module.css";

/** Where the analysis of a file stands, when it is not simply done: waiting, impossible, or failed and why. */
export function AnalysisState({ detail }: { detail: Detail }) {
  const { t } = useText();
  const status = detail.analysed ?? "ok";
  if (status === "ok") return null;
  const again = async () => {
    try {
      await api.analyseAgain(detail.id);
      queries.setQueryData<Detail>(keys.detail(detail.id), (now) => now && { ...now, analysed: "queued" });
    } catch (error) {
      toastProblem(t("panel.analyse_failed"), error);
    }
  };
  return (
    <div className={styles.state} data-status={status} role="status" data-testid="analysis-state">
      <Icon name={status === "failed" ? "alert" : "spark"} size={18} />
      <div className={styles.text}>
        <p>{t(`panel.analysis.${status}`)}</p>
        {status === "failed" && detail.analysis?.reason && <p className={styles.reason}>{detail.analysis.reason}</p>}
      </div>
      {status !== "queued" && (
        <Button icon="retry" data-testid="analyse-again" onClick={() => void again()}>
          {t("panel.analyse_again")}
        </Button>
      )}
    </div>
  );
}
