import type { ButtonHTMLAttributes } from "react";
import { Icon } from "./Icon";
import styles from "./IconButton.module.css";
import type { IconName } from "./icons";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  /** What it does; spoken, and shown as a tooltip. */
  label: string;
  size?: number;
  danger?: boolean;
}

export function IconButton({ icon, label, size = 18, danger, className, ...rest }: Props) {
  const look = `${styles.button} ${danger ? styles.danger : ""} ${className ?? ""}`;
  return (
    <button type="button" {...rest} aria-label={label} title={label} className={look}>
      <Icon name={icon} size={size} />
    </button>
  );
}
