import type { SelectHTMLAttributes } from "react";
import styles from "./Select.module.css";

interface Props extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange"> {
  label: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** The browser's own list of choices; its label is spoken, the place says it to the eye. */
export function Select({ label, options, onChange, className, ...rest }: Props) {
  return (
    <select
      {...rest}
      aria-label={label}
      className={`${styles.select} ${className ?? ""}`}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
