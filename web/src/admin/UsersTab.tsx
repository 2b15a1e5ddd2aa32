import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { User } from "../api/types";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Chip } from "../ui/Chip";
import { ErrorState } from "../ui/ErrorState";
import { Skeleton } from "../ui/Skeleton";
import { AddUserDialog } from "./AddUserDialog";
import { EditUserDialog } from "./EditUserDialog";
import styles from "./People.module.css";

/** All users, how much they keep, and what they may. */
export function UsersTab() {
  const { t, bytes } = useText();
  const { data, error, refetch } = useQuery({ queryKey: keys.users, queryFn: ({ signal }) => api.users(signal) });
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<User>();
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={5} height={28} />;
  return (
    <>
      <div className={styles.bar}>
        <Button kind="primary" icon="add" data-testid="add-user" onClick={() => setAdding(true)}>
          {t("users.add")}
        </Button>
      </div>
      <ul className={styles.list}>
        {(data.users ?? []).map((user) => (
          <li key={user.name} className={styles.line} data-testid="user-row" data-name={user.name}>
            <span className={styles.face} aria-hidden>
              {user.name.slice(0, 1).toUpperCase()}
            </span>
            <div className={styles.words}>
              <p className={styles.name}>
                {user.name}
                {user.role === "admin" && <Chip>{t("users.admin")}</Chip>}
                {user.disabled && <Chip>{t("users.disabled")}</Chip>}
              </p>
              <p className={styles.facts}>
                {user.quota_bytes ? t("users.used_of", { used: bytes(user.used_bytes ?? 0), quota: bytes(user.quota_bytes) }) : t("users.used", { used: bytes(user.used_bytes ?? 0) })}
                {user.groups && user.groups.length > 0 && ` · ${user.groups.join(", ")}`}
              </p>
            </div>
            <Button icon="settings" data-testid="edit-user" onClick={() => setEditing(user)}>
              {t("common.edit")}
            </Button>
          </li>
        ))}
      </ul>
      {adding && <AddUserDialog onClose={() => setAdding(false)} />}
      {editing && <EditUserDialog user={editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}
