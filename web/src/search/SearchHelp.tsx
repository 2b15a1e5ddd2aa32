import { currentRoute } from "../app/route";
import { useText } from "../i18n/i18n";
import styles from "./SearchHelp.module.css";
import { quoted } from "./query";

/** What can be written into the search bar; pressing an example writes it. */
export function SearchHelp({ onExample }: { onExample: (text: string) => void }) {
  const { t } = useText();
  const { view, path } = currentRoute();
  const here = view === "drive" && path !== "/" ? path : t("search.syntax.some_folder");
  const examples: [write: string, shown: string, meaning: string][] = [
    [t("search.syntax.words"), t("search.syntax.words"), t("search.syntax.words_means")],
    ['"', t("search.syntax.phrase"), t("search.syntax.phrase_means")],
    ["tag:", "tag:…", t("search.syntax.tag_means")],
    ["type:", "type:pdf", t("search.syntax.type_means")],
    [`in:${quoted(here)} `, `in:${here}`, t("search.syntax.in_means")],
  ];
  return (
    <div className={styles.help}>
      <p className={styles.title}>{t("search.help")}</p>
      {examples.map(([write, shown, meaning]) => (
        <button key={shown} type="button" className={styles.example} onClick={() => onExample(write)}>
          <code>{shown}</code>
          <span>{meaning}</span>
        </button>
      ))}
    </div>
  );
}
