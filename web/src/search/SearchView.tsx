import { useEffect, useRef } from "react";
import type { Hit } from "../api/types";
import { go, useRoute } from "../app/route";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Chip } from "../ui/Chip";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { HitLine } from "./HitLine";
import { openHitInDrive } from "./SearchBar";
import { SearchHelp } from "./SearchHelp";
import styles from "./SearchView.module.css";
import { filtersOf, without, withTag } from "./query";
import { useSearchPages } from "./useSearch";

/** All hits of a search, with the tags that divide them. */
export function SearchView() {
  const { t } = useText();
  const q = useRoute().params["q"]?.trim() ?? "";
  const search = useSearchPages(q);
  const end = useRef<HTMLDivElement>(null);
  const [first] = search.data?.pages ?? [];
  const hits = search.data?.pages.flatMap((page) => page.hits) ?? [];
  const facets = (first?.facets ?? []).filter((facet) => facet.tag && !filtersOf(q).some((one) => one.includes(facet.tag!)));
  const ask = (next: string) => go("search", "/", { q: next });

  useEffect(() => {
    const watcher = new IntersectionObserver(([seen]) => {
      if (seen?.isIntersecting && search.hasNextPage && !search.isFetchingNextPage) void search.fetchNextPage();
    });
    if (end.current) watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [search.hasNextPage, search.isFetchingNextPage, hits.length]);

  if (q === "") {
    return (
      <EmptyState icon="search" title={t("search.empty")}>
        <SearchHelp onExample={(example) => ask(example.trim())} />
      </EmptyState>
    );
  }
  if (search.error) return <ErrorState error={search.error} onRetry={() => void search.refetch()} />;
  if (!first) return <Skeleton lines={8} height={28} />;
  return (
    <section className={styles.view} aria-label={t("search.results")}>
      <header className={styles.head}>
        <h1>{t("search.found", { n: first.total })}</h1>
        <p className={styles.query}>{q}</p>
        <div className={styles.filters}>
          {filtersOf(q).map((filter) => (
            <button key={filter} type="button" className={styles.filter} onClick={() => ask(without(q, filter))} title={t("search.remove_filter")}>
              {filter}
              <Icon name="close" size={12} />
            </button>
          ))}
        </div>
        {facets.length > 0 && (
          <div className={styles.facets} data-testid="facets">
            <span>{t("search.narrow")}</span>
            {facets.slice(0, 12).map((facet) => (
              <Chip key={facet.tag} testId="facet" onClick={() => ask(withTag(q, facet.tag ?? ""))}>
                {facet.tag} <b>{facet.count}</b>
              </Chip>
            ))}
          </div>
        )}
      </header>
      {hits.length === 0 ? (
        <EmptyState
          icon="search"
          title={t("search.nothing", { q })}
          actions={filtersOf(q).length > 0 && <Button onClick={() => ask(filtersOf(q).reduce(without, q) || q)}>{t("search.without_filters")}</Button>}
        >
          {t("search.nothing_hint")}
        </EmptyState>
      ) : (
        <div className={styles.hits} role="listbox" aria-label={t("search.results")} data-testid="search-page">
          {hits.map((hit: Hit) => (
            <HitLine key={hit.id ?? hit.path} hit={hit} onOpen={() => openHitInDrive(hit)} />
          ))}
          <div ref={end}>{search.isFetchingNextPage && <Skeleton lines={2} />}</div>
        </div>
      )}
    </section>
  );
}
