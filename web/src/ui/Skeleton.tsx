import { useText } from "../i18n/i18n";
import styles from "./Skeleton.module.css";

interface Props {
  lines?: number;
  /** px per line. */
  height?: number;
}

/** Grey lines where content will be; told to screen readers as "loading". */
export function Skeleton({ lines = 3, height = 14 }: Props) {
  const { t } = useText();
  return (
    <div className={styles.skeleton} role="status" aria-label={t("common.loading")}>
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} style={{ height, width: `${[92, 74, 84, 60][at % 4]}%` }} />
      ))}
    </div>
  );
}
