import type { Detail } from "../api/types";
import { go } from "../app/route";
import { useText } from "../i18n/i18n";
import { Chip } from "../ui/Chip";
import { AnalysisState } from "./AnalysisState";
import { Preview } from "./Preview";
import styles from "./PreviewTab.module.css";
import { inTellingOrder } from "./tag_order";

/** The file itself, and the words that say what it is about. */
export function PreviewTab({ detail }: { detail: Detail }) {
  const { t } = useText();
  const tags = inTellingOrder(detail.file_tags ?? []).filter((tag) => tag.state !== "rejected").slice(0, 8);
  return (
    <div className={styles.tab}>
      <Preview entry={detail} />
      <AnalysisState detail={detail} />
      {tags.length > 0 && (
        <div className={styles.tags} aria-label={t("panel.tags")}>
          {tags.map((tag) => (
            <Chip key={tag.id ?? tag.name} onClick={() => go("search", "/", { q: `tag:${/\s/.test(tag.name ?? "") ? `"${tag.name}"` : tag.name}` })}>
              {tag.name}
            </Chip>
          ))}
        </div>
      )}
    </div>
  );
}
