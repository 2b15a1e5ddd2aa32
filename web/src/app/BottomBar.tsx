import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import styles from "./BottomBar.module.css";
import { nav } from "./nav";
import { hashOf, useRoute } from "./route";
import { useUser } from "./session";

/** The places of the page on a phone. */
export function BottomBar() {
  const { t } = useText();
  const { view } = useRoute();
  const user = useUser();
  return (
    <nav className={styles.bar} aria-label={t("nav.label")}>
      {nav.map(({ view: target, icon, key }) => (
        <a key={target} href={hashOf(target, target === "drive" ? (user.home ?? "/") : "/")} aria-current={view === target ? "page" : undefined} data-testid={`tab-${target}`}>
          <Icon name={icon} size={22} />
          {target === "admin" && user.role !== "admin" ? t("nav.account") : t(key)}
        </a>
      ))}
    </nav>
  );
}
