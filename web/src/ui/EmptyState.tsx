import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

interface Props {
  icon: IconName;
  title: string;
  /** What to do now. */
  children?: ReactNode;
  actions?: ReactNode;
  testId?: string;
}

export function EmptyState({ icon, title, children, actions, testId }: Props) {
  return (
    <div className={styles.empty} data-testid={testId}>
      <span className={styles.badge}>
        <Icon name={icon} size={24} />
      </span>
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
