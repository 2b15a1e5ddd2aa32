import { useStore } from "../app/store";
import { useText } from "../i18n/i18n";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import { dismiss, toasts } from "./toasts";
import styles from "./Toasts.module.css";

export function Toasts() {
  const { t } = useText();
  const shown = useStore(toasts);
  return (
    <div className={styles.toasts} role="status" aria-live="polite" data-testid="toasts">
      {shown.map((one) => (
        <div key={one.id} className={styles.toast} data-kind={one.kind} data-testid="toast">
          <Icon name={one.kind === "bad" ? "alert" : "check"} size={18} className={styles.icon} />
          <div className={styles.text}>
            <p>{one.text}</p>
            {one.hint && <p className={styles.hint}>{one.hint}</p>}
          </div>
          {one.action && (
            <button
              type="button"
              className={styles.action}
              data-testid="toast-action"
              onClick={() => {
                dismiss(one.id);
                one.action?.run();
              }}
            >
              {one.action.label}
            </button>
          )}
          <IconButton icon="close" size={14} label={t("common.dismiss")} onClick={() => dismiss(one.id)} />
        </div>
      ))}
    </div>
  );
}
