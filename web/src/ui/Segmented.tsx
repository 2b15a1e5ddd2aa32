import { Icon } from "./Icon";
import type { IconName } from "./icons";
import styles from "./Segmented.module.css";

interface Props<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string; icon?: IconName; testId?: string }[];
  value: Value;
  onChange: (value: Value) => void;
  /** Shows icons only; labels are spoken and shown as tooltips. */
  compact?: boolean;
}

/** A few choices of which one holds. */
export function Segmented<Value extends string>({ label, options, value, onChange, compact }: Props<Value>) {
  return (
    <div className={styles.segmented} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          title={compact ? option.label : undefined}
          aria-label={compact ? option.label : undefined}
          data-testid={option.testId}
          onClick={() => onChange(option.value)}
        >
          {option.icon && <Icon name={option.icon} size={16} />}
          {!compact && option.label}
        </button>
      ))}
    </div>
  );
}
