import type { KeyboardEvent } from "react";
import styles from "./Tabs.module.css";

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  /** A small number or word behind the label. */
  note?: string | undefined;
}

interface Props<Id extends string> {
  label: string;
  tabs: readonly Tab<Id>[];
  selected: Id;
  onSelect: (id: Id) => void;
  /** data-testid of each tab is this, "-" and the tab's id. */
  testId: string;
}

/** A row of tabs; arrows move between them. The panel below carries id `panel-{testId}`. */
export function Tabs<Id extends string>({ label, tabs, selected, onSelect, testId }: Props<Id>) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const now = tabs.findIndex((tab) => tab.id === selected);
    const next = tabs[(now + step + tabs.length) % tabs.length]!;
    onSelect(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-testid="${testId}-${next.id}"]`)?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === selected}
          aria-controls={`panel-${testId}`}
          tabIndex={tab.id === selected ? 0 : -1}
          data-testid={`${testId}-${tab.id}`}
          className={styles.tab}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
          {tab.note && <span className={styles.note}>{tab.note}</span>}
        </button>
      ))}
    </div>
  );
}
