import { useText } from "../i18n/i18n";
import { Dialog } from "../ui/Dialog";
import styles from "./KeysDialog.module.css";

/** What the keyboard can do. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const lines: [keys: string, meaning: string][] = [
    ["/", t("keys.search")],
    ["↑ ↓", t("keys.move")],
    ["⇧ ↑ ↓", t("keys.extend")],
    ["⏎", t("keys.open")],
    ["␣", t("keys.look")],
    ["F2", t("keys.rename")],
    ["Del", t("keys.delete")],
    ["Ctrl A", t("keys.all")],
    ["⌫", t("keys.up")],
    ["Esc", t("keys.close")],
    ["+ − 0", t("keys.zoom")],
    ["?", t("keys.help")],
  ];
  return (
    <Dialog title={t("keys.title")} onClose={onClose}>
      <dl className={styles.keys}>
        {lines.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
