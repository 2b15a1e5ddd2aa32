import type { ReactNode } from "react";
import styles from "./Card.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

interface Props {
  title: string;
  icon: IconName;
  /** At the right of the title. */
  note?: ReactNode;
  children: ReactNode;
  testId?: string;
}

export function Card({ title, icon, note, children, testId }: Props) {
  return (
    <section className={styles.card} data-testid={testId}>
      <header className={styles.head}>
        <Icon name={icon} size={16} />
        <h2>{title}</h2>
        {note && <span>{note}</span>}
      </header>
      {children}
    </section>
  );
}
