import { go } from "../app/route";
import { useText } from "../i18n/i18n";
import { quoted } from "../search/query";
import { Button } from "../ui/Button";
import { FileIcon } from "../ui/FileIcon";
import { IconButton } from "../ui/IconButton";
import type { Model } from "./model";
import styles from "./NodeCard.module.css";

interface Props {
  id: string;
  model: Model;
  onOpen: (id: string) => void;
  onExpand: (id: string) => void;
  onClose: () => void;
}

const shown_max = 50;

/** A tag or a person that is selected: what it is linked to. */
export function NodeCard({ id, model, onOpen, onExpand, onClose }: Props) {
  const { t } = useText();
  const node = model.getNodeAttributes(id);
  const neighbours = model.neighbors(id);
  return (
    <aside className={styles.card} aria-label={node.name} data-testid="graph-node">
      <header className={styles.head}>
        <FileIcon entry={node} />
        <div>
          <h2>{node.name}</h2>
          <p>
            {t(`graph.kind.${node.kind}`)} · {t("graph.links", { n: neighbours.length })}
          </p>
        </div>
        <IconButton icon="close" size={16} label={t("common.close")} onClick={onClose} />
      </header>
      <div className={styles.acts}>
        <Button icon="graph" onClick={() => onExpand(id)}>
          {t("graph.expand")}
        </Button>
        {node.kind === "tag" && (
          <Button icon="search" onClick={() => go("search", "/", { q: `tag:${quoted(node.name)}` })}>
            {t("graph.tag_files")}
          </Button>
        )}
      </div>
      <ul className={styles.list}>
        {neighbours.slice(0, shown_max).map((other) => {
          const attributes = model.getNodeAttributes(other);
          return (
            <li key={other}>
              <button type="button" onClick={() => onOpen(other)}>
                <FileIcon entry={attributes} size={16} />
                <span>{attributes.name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </aside>
  );
}
