import { useStore } from "../app/store";
import { useText } from "../i18n/i18n";
import styles from "./History.module.css";
import { history } from "./history";

/** What happened to members while the page was open. */
export function History() {
  const { t } = useText();
  const happenings = useStore(history);
  if (happenings.length === 0) return null;
  return (
    <section className={styles.history}>
      <h2>{t("cluster.history")}</h2>
      <ol data-testid="history">
        {happenings.map((one) => (
          <li key={one.id} data-state={one.state}>
            <time dateTime={one.at}>{new Date(one.at).toLocaleTimeString()}</time>
            <b>{one.name}</b>
            <span>{t(`member.${one.state}`)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
