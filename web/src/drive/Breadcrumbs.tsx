import { hashOf } from "../app/route";
import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import styles from "./Breadcrumbs.module.css";
import { ancestry, nameOf } from "./path";
import { useDropTarget } from "./useDropTarget";

/** The way from the root to a folder; each step is a link and a place to drop on. */
export function Breadcrumbs({ path }: { path: string }) {
  const { t } = useText();
  const steps = ancestry(path);
  return (
    <nav className={styles.crumbs} aria-label={t("drive.breadcrumbs")} data-testid="breadcrumbs">
      <ol>
        {steps.map((step, at) => (
          <Crumb key={step} path={step} name={step === "/" ? t("drive.root") : nameOf(step)} is_last={at === steps.length - 1} />
        ))}
      </ol>
    </nav>
  );
}

function Crumb({ path, name, is_last }: { path: string; name: string; is_last: boolean }) {
  const { is_over, handlers } = useDropTarget(is_last ? undefined : path);
  return (
    <li className={is_last ? styles.last : styles.step}>
      <a
        href={hashOf("drive", path)}
        title={name}
        aria-current={is_last ? "page" : undefined}
        data-over={is_over || undefined}
        {...handlers}
      >
        {name}
      </a>
      {!is_last && <Icon name="chevron_right" size={14} />}
    </li>
  );
}
