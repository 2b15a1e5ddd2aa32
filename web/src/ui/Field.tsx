import { useId, type InputHTMLAttributes, type Ref } from "react";
import styles from "./Field.module.css";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  /** What is wrong with the value; spoken when it appears. */
  fault?: string | undefined;
  hint?: string | undefined;
  inputRef?: Ref<HTMLInputElement>;
}

/** A labelled text field with its hint and its fault. */
export function Field({ label, fault, hint, inputRef, className, ...rest }: Props) {
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className={`${styles.field} ${className ?? ""}`}>
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        ref={inputRef}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={note ? `${id}-note` : undefined}
      />
      {note && (
        <p id={`${id}-note`} className={fault ? styles.fault : styles.hint} role={fault ? "alert" : undefined}>
          {note}
        </p>
      )}
    </div>
  );
}
