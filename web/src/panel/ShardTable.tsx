import type { Shard } from "../api/types";
import { useText } from "../i18n/i18n";
import type { Column, ShardMap } from "./shard_map";
import styles from "./ShardTable.module.css";

/** Stripes down, storage nodes across; a filled square is data, an empty one parity, a red one out of reach. */
export function ShardTable({ map, limit }: { map: ShardMap; limit: number }) {
  const { t } = useText();
  const some_missing = map.rows.some((row) => row.missing.length > 0);
  return (
    <div className={styles.scroller}>
      <table className={styles.table} data-testid="shard-map">
        <thead>
          <tr>
            <th scope="col">{t("shards.stripe")}</th>
            {map.columns.map((column) => (
              <th key={column.id} scope="col" data-up={column.is_up} data-testid="shard-node" data-node={column.name}>
                <span className={styles.node} title={`${column.name}: ${t(column.is_up ? "member.up" : "member.down")}`}>
                  {short(column.name)}
                </span>
              </th>
            ))}
            {some_missing && <th scope="col">{t("shards.nowhere")}</th>}
          </tr>
        </thead>
        <tbody>
          {map.rows.slice(0, limit).map((row, at) => (
            <tr key={at} data-margin={row.margin}>
              <th scope="row">{at + 1}</th>
              {row.cells.map((cell, index) => (
                <td key={index}>{cell.map((shard) => shardMark(shard, map.columns[index]!))}</td>
              ))}
              {some_missing && <td>{row.missing.map((shard) => shardMark(shard, undefined))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );

  function shardMark(shard: Shard, column: Column | undefined) {
    const is_up = column?.is_up ?? false;
    const role = t(`shards.${shard.role ?? "data"}`);
    const where = column ? `${column.name}, ${t(is_up ? "member.up" : "member.down")}` : t("shards.nowhere");
    const label = `${role} ${shard.index ?? 0}: ${where}`;
    return (
      <span key={shard.index} className={styles.shard} data-role={shard.role} data-up={is_up} role="img" aria-label={label} title={label}>
        {shard.index}
      </span>
    );
  }
}

/** "storage-12" → "12": the number tells them apart in a narrow column. */
function short(name: string): string {
  return /(\d+)$/.exec(name)?.[1] ?? name.slice(0, 4);
}
