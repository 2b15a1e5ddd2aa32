import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import { useText } from "../i18n/i18n";
import { queries } from "../live/live";
import { Button } from "../ui/Button";
import { Chip } from "../ui/Chip";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Icon } from "../ui/Icon";
import { toastProblem } from "../ui/problem_text";
import { Select } from "../ui/Select";
import { Skeleton } from "../ui/Skeleton";
import field from "../panel/AddTag.module.css";
import styles from "./People.module.css";

/** Groups of users, so that a folder can be given to many at once. */
export function GroupsTab() {
  const { t } = useText();
  const groups = useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => api.groups(signal) });
  const users = useQuery({ queryKey: keys.users, queryFn: ({ signal }) => api.users(signal) });
  const [name, setName] = useState("");
  if (!groups.data) return groups.error ? <ErrorState error={groups.error} onRetry={() => void groups.refetch()} /> : <Skeleton lines={4} height={28} />;

  const change = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      toastProblem(what, error);
    }
    await queries.invalidateQueries({ queryKey: keys.groups });
    await queries.invalidateQueries({ queryKey: keys.users });
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    void change(t("groups.add_failed", { name }), () => api.addGroup(name.trim()));
    setName("");
  };
  const all = groups.data.groups ?? [];
  return (
    <>
      <form className={`${field.form} ${styles.bar}`} onSubmit={add}>
        <input value={name} aria-label={t("groups.name")} placeholder={t("groups.name")} data-testid="group-name" onChange={(event) => setName(event.target.value)} />
        <Button type="submit" icon="add" kind="primary" disabled={name.trim() === ""} data-testid="add-group">
          {t("groups.add")}
        </Button>
      </form>
      {all.length === 0 && (
        <EmptyState icon="group" title={t("groups.none")}>
          {t("groups.none_hint")}
        </EmptyState>
      )}
      <ul>
        {all.map((group) => {
          const members = group.members ?? [];
          const others = (users.data?.users ?? []).filter((user) => !members.includes(user.name));
          return (
            <li key={group.name} className={styles.line} data-testid="group-row" data-name={group.name}>
              <span className={styles.face}>
                <Icon name="group" />
              </span>
              <div className={styles.words}>
                <p className={styles.name}>{group.name}</p>
                <div className={styles.members}>
                  {members.length === 0 && <span className={styles.facts}>{t("groups.nobody")}</span>}
                  {members.map((member) => (
                    <Chip
                      key={member}
                      title={t("groups.remove", { name: member })}
                      onClick={() => void change(t("groups.change_failed"), () => api.removeMember(group.name ?? "", member))}
                    >
                      {member} <Icon name="close" size={11} />
                    </Chip>
                  ))}
                </div>
              </div>
              {others.length > 0 && (
                <Select
                  label={t("groups.add_member", { name: group.name ?? "" })}
                  value=""
                  options={[{ value: "", label: t("groups.add_member_short") }, ...others.map((user) => ({ value: user.name, label: user.name }))]}
                  onChange={(user) => user && void change(t("groups.change_failed"), () => api.addMember(group.name ?? "", user))}
                />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
