import { useEffect, useMemo, useState, type KeyboardEvent } from "react";
import { useDebounced } from "../app/useDebounced";
import { useText } from "../i18n/i18n";
import { FileIcon } from "../ui/FileIcon";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { findNodes } from "./focus";
import styles from "./GraphBar.module.css";
import type { Model } from "./model";
import type { Scene } from "./Scene";

interface Props {
  model: Model;
  /** Counts changes of the model. */
  changes: number;
  scene: Scene | undefined;
  onFound: (ids: ReadonlySet<string> | undefined) => void;
  onOpen: (id: string) => void;
  onReload: () => void;
}

const found_max = 400;
const shown_max = 8;

/** Finds nodes by name, and moves the camera. */
export function GraphBar({ model, changes, scene, onFound, onOpen, onReload }: Props) {
  const { t } = useText();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const wanted = useDebounced(text.trim(), 120);
  const found = useMemo(() => findNodes(model, wanted, found_max), [model, wanted, changes]);
  useEffect(() => onFound(wanted === "" ? undefined : new Set(found)), [found, wanted]);
  useEffect(() => setActive(0), [wanted]);

  const open = (id: string | undefined) => {
    if (id === undefined) return;
    setText("");
    onOpen(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setActive((now) => Math.max(0, Math.min(Math.min(found.length, shown_max) - 1, now + step)));
    else if (event.key === "Enter") open(found[active]);
    else if (event.key === "Escape") setText("");
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.bar}>
      <div className={styles.find}>
        <Icon name="search" size={15} />
        <input
          value={text}
          placeholder={t("graph.find")}
          aria-label={t("graph.find")}
          role="combobox"
          aria-expanded={wanted !== ""}
          aria-controls="graph-found"
          data-testid="graph-find"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {wanted !== "" && <span className={styles.count}>{t("graph.found", { n: found.length })}</span>}
        {wanted !== "" && found.length > 0 && (
          <ul id="graph-found" className={styles.found} role="listbox">
            {found.slice(0, shown_max).map((id, at) => {
              const node = model.getNodeAttributes(id);
              return (
                <li key={id} role="option" aria-selected={at === active} data-testid="graph-found" onClick={() => open(id)}>
                  <FileIcon entry={node} size={16} />
                  <span>{node.name}</span>
                </li>
              );
            })}
          </ul>
        )}
      </div>
      <div className={styles.camera}>
        <IconButton icon="add" label={t("graph.zoom_in")} onClick={() => scene?.zoom(1.5)} />
        <IconButton icon="minus" label={t("graph.zoom_out")} onClick={() => scene?.zoom(1 / 1.5)} />
        <IconButton icon="fit" label={t("graph.fit")} onClick={() => scene?.fit()} />
        <IconButton icon="retry" label={t("graph.relayout")} onClick={onReload} />
      </div>
    </div>
  );
}
