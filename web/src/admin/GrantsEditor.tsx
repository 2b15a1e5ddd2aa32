import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Grant } from "../api/types";
import { useText } from "../i18n/i18n";
import { queries } from "../live/live";
import { Button } from "../ui/Button";
import { ErrorState } from "../ui/ErrorState";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { toastProblem } from "../ui/problem_text";
import { Select } from "../ui/Select";
import { Skeleton } from "../ui/Skeleton";
import styles from "./GrantsEditor.module.css";
import { PrincipalField } from "./PrincipalField";

type Level = "read" | "write" | "share";
const levels: readonly Level[] = ["read", "write", "share"];

/** The grants on one file or folder. They hold for all below it too; what stands above is not shown here. */
export function GrantsEditor({ path }: { path: string }) {
  const { t } = useText();
  const { data, error, refetch } = useQuery({ queryKey: keys.grants(path), queryFn: ({ signal }) => api.grants(path, signal) });
  const [principal, setPrincipal] = useState("");
  const [level, setLevel] = useState<Level>("read");
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} height={24} />;

  const change = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (thrown) {
      toastProblem(what, thrown);
    }
    await queries.invalidateQueries({ queryKey: keys.grants(path) });
  };
  const give = (who: string, how: Level) => change(t("share.failed"), () => api.grant(grantOf(path, who, how)));
  const options = levels.map((value) => ({ value, label: t(`share.${value}`) }));
  const grants = data.grants ?? [];
  return (
    <div className={styles.editor}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (principal === "") return;
          void give(principal, level);
          setPrincipal("");
        }}
      >
        <PrincipalField value={principal} onChange={setPrincipal} />
        <Select label={t("share.level")} value={level} options={options} onChange={(value) => setLevel(value as Level)} />
        <Button type="submit" kind="primary" disabled={principal === ""} data-testid="grant">
          {t("share.give")}
        </Button>
      </form>
      {grants.length === 0 ? (
        <p className={styles.none}>{t("share.none")}</p>
      ) : (
        <ul>
          {grants.map((grant) => (
            <li key={grant.principal} className={styles.line} data-testid="grant-row" data-principal={grant.principal}>
              <Icon name={grant.principal.startsWith("group:") ? "group" : "user"} />
              <span className={styles.name}>{grant.principal.replace(/^(user|group):/, "")}</span>
              <Select
                label={t("share.level_of", { name: grant.principal })}
                value={levelOf(grant)}
                options={options}
                onChange={(value) => void give(grant.principal, value as Level)}
              />
              <IconButton
                icon="close"
                danger
                label={t("share.revoke", { name: grant.principal })}
                data-testid="revoke"
                onClick={() => void change(t("share.revoke_failed"), () => api.revoke(path, grant.principal))}
              />
            </li>
          ))}
        </ul>
      )}
      <p className={styles.hint}>{t("share.hint")}</p>
    </div>
  );
}

function grantOf(path: string, principal: string, level: Level): Grant {
  const at = levels.indexOf(level);
  return { path, principal, read: true, write: at >= 1, share: at >= 2 };
}

function levelOf(grant: Grant): Level {
  if (grant.share) return "share";
  return grant.write ? "write" : "read";
}
