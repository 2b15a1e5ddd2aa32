import { useState } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Role } from "../api/types";
import { useText } from "../i18n/i18n";
import { queries } from "../live/live";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { toastProblem } from "../ui/problem_text";
import { Segmented } from "../ui/Segmented";
import { toast } from "../ui/toasts";
import styles from "./People.module.css";
import { password_chars_min, quotaBytes, user_name } from "./quota";

export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("user");
  const [quota, setQuota] = useState("");
  const [is_busy, setBusy] = useState(false);
  const quota_bytes = quotaBytes(quota);
  const is_ready = user_name.test(name) && password.length >= password_chars_min && quota_bytes !== undefined;

  const add = async () => {
    if (!is_ready) return;
    setBusy(true);
    try {
      await api.addUser({ name, password, role, quota_bytes });
      await queries.invalidateQueries({ queryKey: keys.users });
      toast({ kind: "done", text: t("users.added", { name }) });
      onClose();
    } catch (error) {
      toastProblem(t("users.add_failed", { name }), error);
      setBusy(false);
    }
  };
  const actions = (
    <>
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      <Button kind="primary" busy={is_busy} disabled={!is_ready} data-testid="create-user" onClick={() => void add()}>
        {t("common.create")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("users.add")} onClose={onClose} actions={actions} testId="add-user-dialog">
      <div className={styles.form}>
        <Field
          label={t("common.name")}
          value={name}
          autoFocus
          autoCapitalize="none"
          autoComplete="off"
          hint={t("users.name_hint")}
          fault={name !== "" && !user_name.test(name) ? t("users.name_fault") : undefined}
          data-testid="user-name"
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t("signin.password")}
          type="password"
          autoComplete="new-password"
          value={password}
          hint={t("account.password_hint", { n: password_chars_min })}
          data-testid="user-password"
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className={styles.pair}>
          <span>{t("users.role")}</span>
          <RoleSwitch role={role} onChange={setRole} />
        </div>
        <QuotaField value={quota} onChange={setQuota} />
      </div>
    </Dialog>
  );
}

export function RoleSwitch({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  const { t } = useText();
  const options = [
    { value: "user", label: t("users.user") },
    { value: "admin", label: t("users.admin") },
  ] as const;
  return <Segmented<Role> label={t("users.role")} options={options} value={role} onChange={onChange} />;
}

export function QuotaField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useText();
  return (
    <Field
      label={t("users.quota")}
      inputMode="decimal"
      value={value}
      hint={t("users.quota_hint")}
      fault={quotaBytes(value) === undefined ? t("users.quota_fault") : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
