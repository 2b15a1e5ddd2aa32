import type { Detail, FileTag } from "../api/types";
import { go } from "../app/route";
import { en } from "../i18n/en";
import { useText, type Text } from "../i18n/i18n";
import { EmptyState } from "../ui/EmptyState";
import { IconButton } from "../ui/IconButton";
import { AddTag } from "./AddTag";
import { AnalysisState } from "./AnalysisState";
import { inTellingOrder } from "./tag_order";
import { judgeTag, removeTag } from "./tag_actions";
import styles from "./TagsTab.module.css";

/** The tags of a file: how sure their finder is, and what people say to them. */
export function TagsTab({ detail }: { detail: Detail }) {
  const { t } = useText();
  const tags = inTellingOrder(detail.file_tags ?? []);
  const kept = tags.filter((tag) => tag.state !== "rejected");
  const rejected = tags.filter((tag) => tag.state === "rejected");
  const may_write = detail.may?.write !== false;
  return (
    <div className={styles.tab}>
      {may_write && <AddTag id={detail.id} known={tags} />}
      <AnalysisState detail={detail} />
      {kept.length === 0 && detail.analysed !== "queued" && (
        <EmptyState icon="tag" title={t("tags.none")}>
          {t("tags.none_hint")}
        </EmptyState>
      )}
      <ul className={styles.list} data-testid="tag-list">
        {kept.map((tag) => (
          <TagLine key={tag.id ?? tag.name} id={detail.id} tag={tag} may_write={may_write} />
        ))}
      </ul>
      {rejected.length > 0 && (
        <>
          <h3 className={styles.head}>{t("tags.rejected")}</h3>
          <ul className={styles.list}>
            {rejected.map((tag) => (
              <TagLine key={tag.id ?? tag.name} id={detail.id} tag={tag} may_write={may_write} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function TagLine({ id, tag, may_write }: { id: string; tag: FileTag; may_write: boolean }) {
  const { t, percent } = useText();
  const name = tag.name ?? "";
  const is_rejected = tag.state === "rejected";
  const is_accepted = tag.state === "accepted";
  const by_person = tag.by?.startsWith("user") ?? false;
  return (
    <li className={styles.line} data-testid="tag" data-tag={name} data-state={tag.state}>
      <button type="button" className={styles.name} title={t("tags.find", { name })} onClick={() => go("search", "/", { q: query(name) })}>
        {name}
      </button>
      <span className={styles.by}>
        {[kindText(tag.kind, t), tag.by].filter(Boolean).join(" · ")}
      </span>
      <span className={styles.score} title={t("tags.score", { score: percent(tag.score ?? 1) })}>
        <span style={{ width: `${Math.round((tag.score ?? 1) * 100)}%` }} />
      </span>
      <span className={styles.percent}>{percent(tag.score ?? 1)}</span>
      {may_write && (
        <span className={styles.acts}>
          {!by_person && (
            <IconButton
              icon="check"
              size={16}
              label={is_accepted ? t("tags.accepted") : t("tags.accept", { name })}
              aria-pressed={is_accepted}
              data-testid="tag-accept"
              onClick={() => void judgeTag(id, tag, is_accepted ? "proposed" : "accepted")}
            />
          )}
          <IconButton
            icon={is_rejected ? "restore" : "close"}
            size={16}
            label={is_rejected ? t("tags.propose", { name }) : t("tags.reject", { name })}
            data-testid="tag-reject"
            onClick={() => void (by_person ? removeTag(id, tag) : judgeTag(id, tag, is_rejected ? "proposed" : "rejected"))}
          />
        </span>
      )}
    </li>
  );
}

/** Kinds that an analyser invented stand as they are. */
function kindText(kind: string | undefined, t: Text["t"]): string | undefined {
  const key = `tags.kind.${kind}`;
  return key in en ? t(key as "tags.kind.user") : kind;
}

function query(name: string): string {
  return /\s/.test(name) ? `tag:"${name}"` : `tag:${name}`;
}
