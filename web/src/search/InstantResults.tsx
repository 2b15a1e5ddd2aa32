import type { UseQueryResult } from "@tanstack/react-query";
import type { Hit, SearchAnswer, Tag } from "../api/types";
import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import { problemText } from "../ui/problem_text";
import { HitLine } from "./HitLine";
import styles from "./InstantResults.module.css";
import { SearchHelp } from "./SearchHelp";

interface Props {
  text: string;
  search: UseQueryResult<SearchAnswer>;
  hits: readonly Hit[];
  /** While a tag is being typed: tags that fit, instead of hits. */
  suggestions: readonly Tag[] | undefined;
  active: number;
  onHit: (hit: Hit) => void;
  onTag: (name: string) => void;
  onAll: () => void;
  onExample: (text: string) => void;
}

/** Below the search bar: help while it is empty, tags while one is typed, else the best hits. */
export function InstantResults(props: Props) {
  const { text, search, hits, suggestions, active } = props;
  const { t, number } = useText();
  const content = () => {
    if (text.trim() === "") return <SearchHelp onExample={props.onExample} />;
    if (suggestions) return <TagOptions tags={suggestions} active={active} onTag={props.onTag} />;
    if (search.error) return <p className={styles.note}>{problemText(search.error).hint ?? problemText(search.error).title}</p>;
    if (!search.data) return <p className={styles.note}>{t("search.searching")}</p>;
    if (hits.length === 0) return <p className={styles.note}>{t("search.nothing", { q: text.trim() })}</p>;
    return (
      <>
        {hits.map((hit, at) => (
          <HitLine
            key={hit.id ?? hit.path}
            hit={hit}
            id={`search-option-${at}`}
            is_active={at === active}
            onOpen={() => props.onHit(hit)}
          />
        ))}
        <button type="button" className={styles.all} data-testid="search-all" onClick={props.onAll}>
          {t("search.all", { n: search.data.total })}
          <span>{search.data.took_ms !== undefined && t("search.took", { ms: number(Math.max(1, Math.round(search.data.took_ms))) })}</span>
        </button>
      </>
    );
  };
  return (
    <div className={styles.results} id="search-results" role="listbox" aria-label={t("search.results")} data-testid="search-results">
      {content()}
    </div>
  );
}

function TagOptions({ tags, active, onTag }: { tags: readonly Tag[]; active: number; onTag: (name: string) => void }) {
  const { t } = useText();
  if (tags.length === 0) return <p className={styles.note}>{t("search.no_tag")}</p>;
  return tags.map((tag, at) => (
    <button
      key={tag.id ?? tag.name}
      id={`search-option-${at}`}
      type="button"
      role="option"
      aria-selected={at === active}
      className={styles.tag}
      onClick={() => onTag(tag.name ?? "")}
    >
      <Icon name="tag" size={16} />
      {tag.name}
      <span>{t("tags.files", { n: tag.files ?? 0 })}</span>
    </button>
  ));
}
