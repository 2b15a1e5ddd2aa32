import { useState } from "react";
import { useText } from "../i18n/i18n";
import { IconButton } from "../ui/IconButton";
import { Menu } from "../ui/Menu";
import type { Sort, SortBy } from "./sort";
import styles from "./SortMenu.module.css";

interface Props {
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** The order of the list, for narrow windows whose columns have no heads. */
export function SortMenu({ sort, onSort }: Props) {
  const { t } = useText();
  const [at, setAt] = useState<{ x: number; y: number }>();
  const choices: SortBy[] = ["name", "modified", "size"];
  return (
    <span className={styles.narrow}>
      <IconButton
        icon={sort.descending ? "sort_down" : "sort_up"}
        label={t("drive.sort")}
        aria-haspopup="menu"
        aria-expanded={at !== undefined}
        onClick={(event) => {
          const { right, bottom } = event.currentTarget.getBoundingClientRect();
          setAt({ x: right - 200, y: bottom + 6 });
        }}
      />
      {at && (
        <Menu
          at={at}
          label={t("drive.sort")}
          onClose={() => setAt(undefined)}
          items={[
            ...choices.map((by) => ({
              label: t(`drive.column.${by}`),
              checked: sort.by === by,
              onSelect: () => onSort({ by, descending: by === sort.by ? sort.descending : by !== "name" }),
            })),
            {
              label: t("drive.sort_reverse"),
              icon: sort.descending ? ("sort_up" as const) : ("sort_down" as const),
              separated: true,
              onSelect: () => onSort({ ...sort, descending: !sort.descending }),
            },
          ]}
        />
      )}
    </span>
  );
}
