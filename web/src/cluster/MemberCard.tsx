import type { Member } from "../api/types";
import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/icons";
import { Meter } from "../ui/Meter";
import styles from "./MemberCard.module.css";

const icons: Record<string, IconName> = { index: "graph", storage: "archive", worker: "worker" };

/** One member: whether it is there, since when, and for a storage node what it holds. */
export function MemberCard({ member }: { member: Member }) {
  const { t, bytes, duration, number } = useText();
  const state = member.state ?? "up";
  const { capacity_bytes: capacity = 0, used_bytes: used = 0 } = member;
  const share = capacity > 0 ? used / capacity : 0;
  return (
    <li
      className={styles.card}
      data-state={state}
      data-testid="node-card"
      data-member={member.id}
      data-name={member.name}
      data-role={member.role}
      aria-label={`${member.name}: ${t(`member.${state}`)}`}
    >
      <header className={styles.head}>
        <Icon name={icons[member.role ?? ""] ?? "archive"} size={18} />
        <h3>{member.name ?? member.id}</h3>
        <span className={styles.state} data-testid="node-state">
          {t(`member.${state}`)}
        </span>
      </header>
      <p className={styles.place}>
        {[member.address, member.since && t("member.since", { time: duration(secondsSince(member.since)) })].filter(Boolean).join(" · ")}
      </p>
      {member.role === "storage" && (
        <>
          <Meter value={share} kind={share > 0.95 ? "bad" : share > 0.8 ? "warn" : "accent"} label={t("capacity.title")} />
          <p className={styles.facts}>
            <span>{t("capacity.used", { used: bytes(used), all: bytes(capacity) })}</span>
            <span>{t("member.shards", { n: member.shards ?? 0 })}</span>
            {(member.disk_nodes ?? 1) > 1 && (
              <span data-testid="shared-disk">{t("member.shared_disk", { n: number(member.disk_nodes ?? 1) })}</span>
            )}
          </p>
        </>
      )}
      {member.read_only && <p className={styles.fault}>{t("member.read_only")}</p>}
      {(member.corrupt_shards ?? 0) > 0 && (
        <p className={styles.fault}>{t("member.corrupt", { n: number(member.corrupt_shards ?? 0) })}</p>
      )}
    </li>
  );
}

function secondsSince(moment: string): number {
  return (Date.now() - Date.parse(moment)) / 1000;
}
