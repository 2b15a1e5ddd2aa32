import { FolderTree } from "../drive/FolderTree";
import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { Meter } from "../ui/Meter";
import { LanguageSwitch } from "./LanguageSwitch";
import { Logo } from "./Logo";
import { nav } from "./nav";
import { go, hashOf, useRoute } from "./route";
import { signOut, useUser } from "./session";
import styles from "./Sidebar.module.css";
import { ThemeSwitch } from "./ThemeSwitch";

/** The places of the page, the folders of the drive, and who is signed in. */
export function Sidebar({ onKeys }: { onKeys: () => void }) {
  const { t, bytes } = useText();
  const { view, path } = useRoute();
  const user = useUser();
  const quota = user.quota_bytes ?? 0;
  return (
    <nav className={styles.bar} aria-label={t("nav.label")}>
      <a className={styles.brand} href={hashOf("drive")}>
        <Logo />
        {t("app.name")}
      </a>
      <ul className={styles.places}>
        {nav.map(({ view: target, icon, key }) => (
          <li key={target}>
            <a
              href={hashOf(target, target === "drive" ? (user.home ?? "/") : "/")}
              aria-current={view === target ? "page" : undefined}
              data-testid={`nav-${target}`}
            >
              <Icon name={icon} />
              {target === "admin" && user.role !== "admin" ? t("nav.account") : t(key)}
            </a>
          </li>
        ))}
      </ul>
      <div className={styles.tree}>
        <h2>{t("drive.folders")}</h2>
        <FolderTree
          selected={view === "drive" ? path : undefined}
          onSelect={(folder) => go("drive", folder)}
          reveal={view === "drive" ? path : undefined}
          droppable
        />
      </div>
      <footer className={styles.foot}>
        {quota > 0 && (
          <div className={styles.quota}>
            <Meter value={(user.used_bytes ?? 0) / quota} label={t("nav.quota")} />
            <p>{t("users.used_of", { used: bytes(user.used_bytes ?? 0), quota: bytes(quota) })}</p>
          </div>
        )}
        <div className={styles.switches}>
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
        <div className={styles.user}>
          <span className={styles.face} aria-hidden>
            {user.name.slice(0, 1).toUpperCase()}
          </span>
          <span className={styles.name} data-testid="user-name-shown">
            {user.name}
          </span>
          <IconButton icon="help" label={t("keys.title")} onClick={onKeys} />
          <IconButton icon="logout" label={t("nav.sign_out")} data-testid="sign-out" onClick={() => void signOut()} />
        </div>
      </footer>
    </nav>
  );
}
