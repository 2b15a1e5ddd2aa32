import { useState, type FormEvent } from "react";
import { asApiError } from "../api/problem";
import { signIn } from "../app/session";
import { LanguageSwitch } from "../app/LanguageSwitch";
import { Logo } from "../app/Logo";
import { ThemeSwitch } from "../app/ThemeSwitch";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { problemText } from "../ui/problem_text";
import styles from "./SignIn.module.css";

/** Name and password; what is wrong is said beside them, and what to do about it. */
export function SignIn({ expired }: { expired: boolean }) {
  const { t } = useText();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const [is_busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(user.trim(), password);
    } catch (thrown) {
      setError(thrown);
      setPassword("");
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className={styles.page}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} data-testid="sign-in-form">
        <div className={styles.brand}>
          <Logo size={40} />
          <h1>{t("app.name")}</h1>
          <p>{t("app.tagline")}</p>
        </div>
        {expired && !error && <p className={styles.note}>{t("signin.expired")}</p>}
        {error !== undefined && <Fault error={error} />}
        <Field
          label={t("signin.user")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          value={user}
          data-testid="sign-in-user"
          onChange={(event) => setUser(event.target.value)}
        />
        <Field
          label={t("signin.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          data-testid="sign-in-password"
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" kind="primary" busy={is_busy} disabled={user.trim() === "" || password === ""} className={styles.submit} data-testid="sign-in-submit">
          {t("signin.submit")}
        </Button>
        <p className={styles.hint}>{t("signin.hint")}</p>
      </form>
      <footer className={styles.foot}>
        <LanguageSwitch />
        <ThemeSwitch />
      </footer>
    </main>
  );
}

function Fault({ error }: { error: unknown }) {
  const { t, duration } = useText();
  const { status, retryAfter } = asApiError(error);
  const { title, hint } = status === 401 ? { title: t("signin.wrong"), hint: t("signin.wrong_hint") } : problemText(error);
  return (
    <div className={styles.fault} role="alert" data-testid="sign-in-error">
      <Icon name="alert" />
      <div>
        <p>{title}</p>
        {hint && <p className={styles.hint}>{hint}</p>}
        {retryAfter !== undefined && <p className={styles.hint}>{t("signin.wait", { time: duration(retryAfter) })}</p>}
      </div>
    </div>
  );
}
