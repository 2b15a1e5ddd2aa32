import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useText } from "../i18n/i18n";
import styles from "./Dialog.module.css";
import { IconButton } from "./IconButton";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons; the row at the end. */
  actions?: ReactNode;
  wide?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
  testId?: string;
}

/** A modal dialog on the browser's own <dialog>: it keeps the focus inside and gives it back at the end. */
export function Dialog({ title, onClose, children, actions, wide, onKeyDown, testId }: Props) {
  const { t } = useText();
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={ref}
      className={`${styles.dialog} ${wide ? styles.wide : ""}`}
      aria-labelledby={heading}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        onKeyDown?.(event);
      }}
      onPointerDown={(event) => event.target === ref.current && onClose()}
    >
      <div className={styles.inside}>
        <header className={styles.head}>
          <h2 id={heading}>{title}</h2>
          <IconButton icon="close" label={t("common.close")} onClick={onClose} />
        </header>
        <div className={styles.body}>{children}</div>
        {actions && <footer className={styles.actions}>{actions}</footer>}
      </div>
    </dialog>
  );
}
