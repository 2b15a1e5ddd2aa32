import { useState, type FormEvent } from "react";
import { api } from "../api/api";
import { asApiError } from "../api/problem";
import { LanguageSwitch } from "../app/LanguageSwitch";
import { ThemeSwitch } from "../app/ThemeSwitch";
import { signOut, useUser } from "../app/session";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { problemText } from "../ui/problem_text";
import { toast } from "../ui/toasts";
import styles from "./AccountTab.module.css";
import { password_chars_min } from "./quota";

/** One's own account: who I am, what I keep, and a new password. */
export function AccountTab() {
  const { t, bytes } = useText();
  const user = useUser();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [error, setError] = useState<unknown>();
  const [is_busy, setBusy] = useState(false);
  const is_short = fresh !== "" && fresh.length < password_chars_min;
  const differs = again !== "" && again !== fresh;
  const is_ready = old !== "" && fresh.length >= password_chars_min && again === fresh;

  const change = async (event: FormEvent) => {
    event.preventDefault();
    if (!is_ready) return;
    setBusy(true);
    setError(undefined);
    try {
      await api.changePassword(old, fresh);
      toast({ kind: "done", text: t("account.changed") });
      setOld("");
      setFresh("");
      setAgain("");
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const is_wrong = error !== undefined && asApiError(error).status === 403;
  return (
    <div className={styles.tab}>
      <section>
        <h2>{t("account.who", { name: user.name })}</h2>
        <p className={styles.facts}>
          {user.quota_bytes ? t("users.used_of", { used: bytes(user.used_bytes ?? 0), quota: bytes(user.quota_bytes) }) : t("users.used", { used: bytes(user.used_bytes ?? 0) })}
          {user.groups && user.groups.length > 0 && ` · ${t("account.groups", { names: user.groups.join(", ") })}`}
        </p>
        <Button icon="logout" onClick={() => void signOut()}>
          {t("nav.sign_out")}
        </Button>
      </section>
      <section>
        <h2>{t("settings.title")}</h2>
        <div className={styles.switches}>
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </section>
      <form className={styles.form} onSubmit={(event) => void change(event)} data-testid="password-form">
        <h2>{t("account.change_password")}</h2>
        <Field label={t("account.old")} type="password" autoComplete="current-password" value={old} fault={is_wrong ? t("account.old_wrong") : undefined} onChange={(event) => setOld(event.target.value)} />
        <Field label={t("account.new")} type="password" autoComplete="new-password" value={fresh} hint={t("account.password_hint", { n: password_chars_min })} fault={is_short ? t("account.password_hint", { n: password_chars_min }) : undefined} onChange={(event) => setFresh(event.target.value)} />
        <Field label={t("account.again")} type="password" autoComplete="new-password" value={again} fault={differs ? t("account.differs") : undefined} onChange={(event) => setAgain(event.target.value)} />
        {error !== undefined && !is_wrong && (
          <p className={styles.fault} role="alert">
            {problemText(error).hint ?? problemText(error).title}
          </p>
        )}
        <Button type="submit" kind="primary" busy={is_busy} disabled={!is_ready}>
          {t("account.change_password")}
        </Button>
        <p className={styles.facts}>{t("account.ends_sessions")}</p>
      </form>
    </div>
  );
}
