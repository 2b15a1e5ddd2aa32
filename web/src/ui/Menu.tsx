import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { createPortal } from "react-dom";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import styles from "./Menu.module.css";

export interface MenuItem {
  label: string;
  icon?: IconName;
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
  /** Shown at the right: "F2". */
  shortcut?: string;
  /** Draws a line above. */
  separated?: boolean;
  checked?: boolean;
}

interface Props {
  /** Where its corner is, in the window. */
  at: { x: number; y: number };
  label: string;
  items: MenuItem[];
  onClose: () => void;
}

/** A menu at a point of the window: arrows move, Enter selects, Escape and a press outside close. */
export function Menu({ at, label, items, onClose }: Props) {
  const ref = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const menu = ref.current!;
    const before = document.activeElement as HTMLElement | null;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
    menu.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    return () => before?.focus();
  }, [at.x, at.y]);

  useEffect(() => {
    const outside = (event: Event) => {
      if (!ref.current?.contains(event.target as Node)) onClose();
    };
    window.addEventListener("pointerdown", outside, true);
    window.addEventListener("blur", onClose);
    return () => {
      window.removeEventListener("pointerdown", outside, true);
      window.removeEventListener("blur", onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...ref.current!.querySelectorAll<HTMLElement>("button:not(:disabled)")];
    const now = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(now + step + buttons.length) % buttons.length]?.focus();
  };

  return createPortal(
    <div ref={ref} className={styles.menu} role="menu" aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role={item.checked === undefined ? "menuitem" : "menuitemradio"}
          aria-checked={item.checked}
          disabled={item.disabled}
          className={`${styles.item} ${item.danger ? styles.danger : ""} ${item.separated ? styles.separated : ""}`}
          onClick={() => {
            onClose();
            item.onSelect();
          }}
        >
          {item.icon ? <Icon name={item.icon} size={16} /> : <span className={styles.blank} />}
          <span className={styles.label}>{item.label}</span>
          {item.shortcut && <kbd className={styles.shortcut}>{item.shortcut}</kbd>}
          {item.checked && <Icon name="check" size={16} />}
        </button>
      ))}
    </div>,
    document.body,
  );
}
