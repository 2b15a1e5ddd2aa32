import type { ReactNode } from "react";
import type { Detail, Entry } from "../api/types";
import { go } from "../app/route";
import { parentOf } from "../drive/path";
import { useText } from "../i18n/i18n";
import { IconButton } from "../ui/IconButton";
import { toast } from "../ui/toasts";
import { AnalysisState } from "./AnalysisState";
import styles from "./DetailsTab.module.css";
import { propertyName, propertyText } from "./property_text";

/** What the drive knows of an entry, and what the analysers found in it. */
export function DetailsTab({ detail, onOpen }: { detail: Detail; onOpen: ((entry: Entry) => void) | undefined }) {
  const text = useText();
  const { t, bytes, moment, number } = text;
  const open = onOpen ?? ((entry: Entry) => go("drive", parentOf(entry.path), { open: entry.id }));
  const found = Object.entries(detail.properties ?? {}).filter(([, value]) => value !== null && value !== "");
  const references = (detail.references ?? []).filter((one) => one.entry !== undefined);
  return (
    <div className={styles.tab}>
      <AnalysisState detail={detail} />
      <dl className={styles.facts}>
        {fact(t("details.kind"), detail.kind === "folder" ? t("details.folder") : (detail.media_type ?? "–"))}
        {detail.kind === "file" && fact(t("details.size"), `${bytes(detail.size)}${detail.size !== undefined && detail.size > 999 ? ` (${number(detail.size)} B)` : ""}`)}
        {detail.kind === "folder" && fact(t("details.children"), t("drive.items", { n: detail.children ?? 0 }))}
        {fact(t("details.path"), detail.path)}
        {fact(t("details.owner"), detail.owner ?? "–")}
        {fact(t("details.created"), moment(detail.created))}
        {fact(t("details.modified"), moment(detail.modified))}
        {detail.version !== undefined && fact(t("details.version"), String(detail.version))}
        {detail.sha256 && fact("SHA-256", <Hash value={detail.sha256} />)}
      </dl>
      {found.length > 0 && (
        <>
          <h3 className={styles.head}>{t("details.found")}</h3>
          <dl className={styles.facts} data-testid="properties">
            {found.map(([key, value]) => fact(propertyName(key, text), propertyText(key, value, text)))}
          </dl>
        </>
      )}
      {references.length > 0 && (
        <>
          <h3 className={styles.head}>{t("details.references")}</h3>
          <ul className={styles.references}>
            {references.map(({ how, entry }) => (
              <li key={`${how}-${entry!.id}`}>
                <button type="button" onClick={() => open(entry!)}>
                  {entry!.name}
                </button>
                {how && <span>{how}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      {detail.kind === "file" && (detail.analysis?.by || (detail.analysis?.attempts ?? 0) > 1) && (
        <p className={styles.by}>
          {detail.analysis?.by && t("details.by", { by: detail.analysis.by })}
          {(detail.analysis?.attempts ?? 0) > 1 && ` ${t("details.attempts", { n: detail.analysis?.attempts ?? 0 })}`}
        </p>
      )}
    </div>
  );
}

function fact(name: string, value: ReactNode) {
  return (
    <div key={name}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Hash({ value }: { value: string }) {
  const { t } = useText();
  return (
    <span className={styles.hash}>
      <code title={value}>{value.slice(0, 16)}…</code>
      <IconButton
        icon="copy"
        size={14}
        label={t("details.copy_hash")}
        onClick={() => void navigator.clipboard.writeText(value).then(() => toast({ kind: "done", text: t("details.hash_copied") }))}
      />
    </span>
  );
}
