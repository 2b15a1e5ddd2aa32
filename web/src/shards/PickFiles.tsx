import { useRef, useState, type DragEvent } from "react";
import { hasFiles } from "../drive/drag";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import styles from "./PickFiles.module.css";

interface Props {
  label: string;
  /** What was picked, or what to do. */
  note: string;
  multiple?: boolean;
  disabled?: boolean;
  testId: string;
  onPick: (files: File[]) => void;
}

/** Files of this computer: chosen in a dialog, or dropped. */
export function PickFiles({ label, note, multiple = false, disabled = false, testId, onPick }: Props) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  const [is_over, setOver] = useState(false);
  const over = (event: DragEvent, is: boolean) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(is && !disabled);
  };
  const drop = (event: DragEvent) => {
    over(event, false);
    const files = [...event.dataTransfer.files];
    if (!disabled && files.length > 0) onPick(multiple ? files : files.slice(0, 1));
  };
  return (
    <div
      className={styles.zone}
      data-over={is_over || undefined}
      onDragEnter={(event) => over(event, true)}
      onDragOver={(event) => over(event, true)}
      onDragLeave={(event) => over(event, false)}
      onDrop={drop}
    >
      <Icon name="shards" size={22} />
      <div className={styles.words}>
        <p className={styles.note} data-testid={`${testId}-note`}>
          {note}
        </p>
        <p className={styles.hint}>{t("shardfiles.drop")}</p>
      </div>
      <Button disabled={disabled} data-testid={testId} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        data-testid={`${testId}-input`}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          if (files.length > 0) onPick(files);
        }}
      />
    </div>
  );
}
