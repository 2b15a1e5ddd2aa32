import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import row from "./FileRow.module.css";
import type { Sort, SortBy } from "./sort";
import styles from "./TableHead.module.css";

/** Column heads; pressing one sorts by it, pressing again turns the order round. */
export function TableHead({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
  const { t } = useText();
  const head = (by: SortBy, column: string | undefined) => {
    const holds = sort.by === by;
    const order = holds ? (sort.descending ? "descending" : "ascending") : "none";
    return (
      <div role="columnheader" aria-sort={order} className={column}>
        <button
          type="button"
          className={styles.head}
          data-testid={`sort-${by}`}
          onClick={() => onSort({ by, descending: holds ? !sort.descending : by !== "name" })}
        >
          {t(`drive.column.${by}`)}
          {holds && <Icon name={sort.descending ? "sort_down" : "sort_up"} size={12} />}
        </button>
      </div>
    );
  };
  return (
    <div className={`${row.row} ${styles.row}`} role="row" aria-rowindex={1}>
      <span className={row.check} role="presentation" />
      {head("name", row.name)}
      <div role="columnheader" className={`${row.tags} ${styles.plain}`}>
        {t("drive.column.tags")}
      </div>
      {head("modified", row.modified)}
      {head("size", row.size)}
      <span className={row.more} role="presentation" />
    </div>
  );
}
