import { useState } from "react";
import type { Graph as GraphAnswer, NodeKind } from "../api/types";
import { useText } from "../i18n/i18n";
import { IconButton } from "../ui/IconButton";
import type { Focus } from "./focus";
import styles from "./Legend.module.css";
import type { Model } from "./model";
import { palette_tokens } from "./look";

interface Props {
  answer: GraphAnswer;
  /** Community id → index of its hue. */
  hues: ReadonlyMap<number, number>;
  counts: ReadonlyMap<NodeKind, number>;
  model: Model;
  focus: Focus;
  onChange: (focus: Partial<Focus>) => void;
}

const kinds: readonly NodeKind[] = ["file", "tag", "folder", "user", "group"];
const topics_max = 11;

/** What the colours and shapes mean. Pressing a topic shows it alone; pressing a kind hides it. */
export function Legend({ answer, hues, counts, model, focus, onChange }: Props) {
  const { t, number } = useText();
  const [is_open, setOpen] = useState(() => window.innerWidth > 720);
  const topics = [...(answer.communities ?? [])]
    .filter((one) => one.id !== undefined && (one.size ?? 0) > 1)
    .sort((a, b) => (b.size ?? 0) - (a.size ?? 0))
    .slice(0, topics_max);
  const toggle = (kind: NodeKind) => {
    const hidden = new Set(focus.hidden);
    if (!hidden.delete(kind)) hidden.add(kind);
    onChange({ hidden });
  };
  if (!is_open) {
    return (
      <div className={styles.closed}>
        <IconButton icon="details" label={t("graph.legend")} onClick={() => setOpen(true)} />
      </div>
    );
  }
  return (
    <aside className={styles.legend} aria-label={t("graph.topics")} data-testid="graph-legend">
      <header className={styles.head}>
        <h2>{t("graph.topics")}</h2>
        <IconButton icon="close" size={14} label={t("common.close")} onClick={() => setOpen(false)} />
      </header>
      <ul className={styles.topics}>
        {topics.map((topic, at) => (
          <li key={topic.id}>
            <button
              type="button"
              aria-pressed={focus.topic === topic.id}
              data-testid="topic"
              title={topic.name}
              onClick={() => onChange({ topic: focus.topic === topic.id ? undefined : topic.id })}
            >
              <span className={styles.dot} style={{ background: `var(${hueToken(hues.get(topic.id!))})` }} />
              <span className={styles.name}>{topic.name || t("graph.topic_unnamed", { n: at + 1 })}</span>
              <span className={styles.count}>{number(topic.size ?? 0)}</span>
            </button>
          </li>
        ))}
      </ul>
      {focus.topic !== undefined && (
        <button type="button" className={styles.all} onClick={() => onChange({ topic: undefined })}>
          {t("graph.all_topics")}
        </button>
      )}
      <h2 className={styles.second}>{t("graph.show")}</h2>
      <ul className={styles.kinds}>
        {kinds
          .filter((kind) => (counts.get(kind) ?? 0) > 0)
          .map((kind) => (
            <li key={kind}>
              <button type="button" aria-pressed={!focus.hidden.has(kind)} data-testid={`kind-${kind}`} onClick={() => toggle(kind)}>
                <span className={styles.shape} data-kind={kind} />
                {t(`graph.kind.${kind}`)}
                <span className={styles.count}>{number(counts.get(kind) ?? 0)}</span>
              </button>
            </li>
          ))}
      </ul>
      <p className={styles.foot}>
        {t("graph.counts", { nodes: model.order, edges: model.size })}
        {answer.truncated && <span>{t("graph.truncated")}</span>}
      </p>
    </aside>
  );
}

function hueToken(index: number | undefined): string {
  return palette_tokens[5 + (index ?? palette_tokens.length - 6)] ?? "--hue-rest";
}
