import { useText } from "../i18n/i18n";
import { Button } from "./Button";
import { EmptyState } from "./EmptyState";
import styles from "./ErrorState.module.css";
import { problemText } from "./problem_text";

interface Props {
  error: unknown;
  onRetry?: () => void;
}

/** A view that could not be loaded: what happened, what to do, and the request's id for whoever looks into it. */
export function ErrorState({ error, onRetry }: Props) {
  const text = useText();
  const { title, detail, hint, request_id } = problemText(error, text);
  const retry = onRetry && (
    <Button icon="retry" onClick={onRetry}>
      {text.t("common.try_again")}
    </Button>
  );
  return (
    <EmptyState icon="alert" title={title} actions={retry} testId="error-state">
      {hint && <p>{hint}</p>}
      {detail && <p className={styles.detail}>{detail}</p>}
      {request_id && <p className={styles.request}>{text.t("common.request_id", { id: request_id })}</p>}
    </EmptyState>
  );
}
