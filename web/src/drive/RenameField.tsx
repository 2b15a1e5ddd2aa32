import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { rename } from "./actions";
import { faultOf, stemLength } from "./path";
import styles from "./RenameField.module.css";

/** The name of an entry while it is changed in place: Enter keeps, Escape forgets, going elsewhere keeps. */
export function RenameField({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const { t } = useText();
  const ref = useRef<HTMLInputElement>(null);
  const is_over = useRef(false);
  const [name, setName] = useState(entry.name);
  const fault = faultOf(name);

  useEffect(() => {
    ref.current?.focus();
    ref.current?.setSelectionRange(0, entry.kind === "folder" ? entry.name.length : stemLength(entry.name));
  }, []);

  const finish = (keep: boolean) => {
    if (is_over.current) return;
    is_over.current = true;
    if (keep && !fault && name !== entry.name) void rename(entry, name);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return; // Enter belongs to the input method.
    if (event.key === "Enter" && !fault) finish(true);
    if (event.key === "Escape") finish(false);
  };
  return (
    <span className={styles.field}>
      <input
        ref={ref}
        value={name}
        aria-label={t("drive.new_name")}
        aria-invalid={fault !== undefined}
        data-testid="rename-input"
        spellCheck={false}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => finish(true)}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
      />
      {fault && (
        <span className={styles.fault} role="alert">
          {t(`drive.name.${fault}`)}
        </span>
      )}
    </span>
  );
}
