import type { ButtonHTMLAttributes } from "react";
import styles from "./Button.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "primary" | "normal" | "quiet" | "danger";
  icon?: IconName;
  /** Something is under way: shown by a dot that breathes, and pressing does nothing. */
  busy?: boolean;
}

export function Button({ kind = "normal", icon, busy = false, children, className, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={`${styles.button} ${styles[kind]} ${className ?? ""}`}
    >
      {busy ? <span className={styles.busy} aria-hidden /> : icon && <Icon name={icon} size={16} />}
      {children !== undefined && <span className={styles.text}>{children}</span>}
    </button>
  );
}
