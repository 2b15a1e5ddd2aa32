import { useState } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { User } from "../api/types";
import { useUser } from "../app/session";
import { useText } from "../i18n/i18n";
import { queries } from "../live/live";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { toastProblem } from "../ui/problem_text";
import { toast } from "../ui/toasts";
import { QuotaField, RoleSwitch } from "./AddUserDialog";
import styles from "./People.module.css";
import { password_chars_min, quotaBytes, quotaText } from "./quota";

/** Role, quota, a new password, and whether the user may sign in. One's own role and account stay as they are. */
export function EditUserDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useText();
  const is_me = useUser().name === user.name;
  const [role, setRole] = useState(user.role);
  const [quota, setQuota] = useState(quotaText(user.quota_bytes));
  const [password, setPassword] = useState("");
  const [disabled, setDisabled] = useState(user.disabled ?? false);
  const [is_busy, setBusy] = useState(false);
  const quota_bytes = quotaBytes(quota);
  const short = password !== "" && password.length < password_chars_min;

  const save = async () => {
    if (quota_bytes === undefined || short) return;
    setBusy(true);
    try {
      await api.changeUser(user.name, {
        quota_bytes,
        ...(is_me ? {} : { role, disabled }),
        ...(password === "" ? {} : { password }),
      });
      await queries.invalidateQueries({ queryKey: keys.users });
      toast({ kind: "done", text: t("users.changed", { name: user.name }) });
      onClose();
    } catch (error) {
      toastProblem(t("users.change_failed", { name: user.name }), error);
      setBusy(false);
    }
  };
  const actions = (
    <>
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      <Button kind="primary" busy={is_busy} disabled={quota_bytes === undefined || short} data-testid="save-user" onClick={() => void save()}>
        {t("common.save")}
      </Button>
    </>
  );
  return (
    <Dialog title={user.name} onClose={onClose} actions={actions} testId="edit-user-dialog">
      <div className={styles.form}>
        {is_me ? (
          <p className={styles.note}>{t("users.is_me")}</p>
        ) : (
          <>
            <div className={styles.pair}>
              <span>{t("users.role")}</span>
              <RoleSwitch role={role} onChange={setRole} />
            </div>
            <label className={styles.pair}>
              <span>{t("users.may_sign_in")}</span>
              <input type="checkbox" checked={!disabled} onChange={(event) => setDisabled(!event.target.checked)} />
            </label>
            <Field
              label={t("users.new_password")}
              type="password"
              autoComplete="new-password"
              value={password}
              hint={t("users.new_password_hint")}
              fault={short ? t("account.password_hint", { n: password_chars_min }) : undefined}
              onChange={(event) => setPassword(event.target.value)}
            />
          </>
        )}
        <QuotaField value={quota} onChange={setQuota} />
      </div>
    </Dialog>
  );
}
