import type { Hit } from "../api/types";
import { parentOf } from "../drive/path";
import { useText } from "../i18n/i18n";
import { FileIcon } from "../ui/FileIcon";
import { Highlight } from "../ui/Highlight";
import styles from "./HitLine.module.css";

interface Props {
  hit: Hit;
  id?: string;
  is_active?: boolean;
  onOpen: () => void;
}

/** One hit: its name and place, and the words around the match. */
export function HitLine({ hit, id, is_active, onOpen }: Props) {
  const { t, ago } = useText();
  const folder = parentOf(hit.path ?? "/");
  return (
    <button
      type="button"
      id={id}
      role="option"
      aria-selected={is_active ?? false}
      className={styles.hit}
      data-testid="search-hit"
      data-path={hit.path}
      onClick={onOpen}
    >
      <FileIcon entry={{ kind: hit.kind ?? "file", name: hit.name ?? "", ...(hit.media_type && { media_type: hit.media_type }) }} />
      <span className={styles.words}>
        <span className={styles.top}>
          <span className={styles.name}>{hit.name}</span>
          <span className={styles.place}>{folder === "/" ? t("drive.root") : folder}</span>
        </span>
        {hit.snippet && (
          <span className={styles.snippet}>
            <Highlight text={hit.snippet} />
          </span>
        )}
      </span>
      <span className={styles.when}>{ago(hit.modified)}</span>
    </button>
  );
}
