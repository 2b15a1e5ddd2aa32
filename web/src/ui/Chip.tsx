import type { ReactNode } from "react";
import styles from "./Chip.module.css";

interface Props {
  children: ReactNode;
  onClick?: () => void;
  title?: string | undefined;
  testId?: string;
}

/** A word in a box: a tag, a reason, a facet. */
export function Chip({ children, onClick, title, testId }: Props) {
  if (!onClick) {
    return (
      <span className={styles.chip} title={title} data-testid={testId}>
        {children}
      </span>
    );
  }
  return (
    <button type="button" className={`${styles.chip} ${styles.button}`} title={title} data-testid={testId} onClick={onClick}>
      {children}
    </button>
  );
}
