import styles from "./Meter.module.css";

interface Props {
  /** 0 … 1. */
  value: number;
  label: string;
  kind?: "accent" | "ok" | "warn" | "bad";
  /** Something moves towards an end (a progress bar), or a level is shown (a meter). */
  role?: "meter" | "progressbar";
  testId?: string;
}

export function Meter({ value, label, kind = "accent", role = "meter", testId }: Props) {
  const percent = Math.round(Math.max(0, Math.min(1, value)) * 1000) / 10;
  return (
    <div
      className={styles.meter}
      role={role}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-testid={testId}
    >
      <span className={styles[kind]} style={{ width: `${percent}%` }} />
    </div>
  );
}
