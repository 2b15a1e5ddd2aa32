import { go, useRoute } from "../app/route";
import { useUser } from "../app/session";
import { useText } from "../i18n/i18n";
import { Tabs } from "../ui/Tabs";
import { AccessTab } from "./AccessTab";
import { AccountTab } from "./AccountTab";
import styles from "./AdminView.module.css";
import { GroupsTab } from "./GroupsTab";
import { UsersTab } from "./UsersTab";

type TabId = "account" | "users" | "groups" | "access";

/** People and what they may do. Who is no administrator sees the own account and what they share. */
export function AdminView() {
  const { t } = useText();
  const { path } = useRoute();
  const user = useUser();
  const for_all: { id: TabId; label: string }[] = [
    { id: "account", label: t("admin.account") },
    { id: "access", label: t("admin.access") },
  ];
  const for_admins: { id: TabId; label: string }[] = [
    { id: "users", label: t("admin.users") },
    { id: "groups", label: t("admin.groups") },
  ];
  const tabs = user.role === "admin" ? [...for_admins, ...for_all.reverse()] : for_all;
  const selected = tabs.find((tab) => `/${tab.id}` === path)?.id ?? tabs[0]!.id;
  return (
    <section className={styles.view} aria-labelledby="admin-title">
      <h1 id="admin-title" className={styles.title}>
        {t(user.role === "admin" ? "nav.admin" : "nav.account")}
      </h1>
      <Tabs label={t("nav.admin")} tabs={tabs} selected={selected} onSelect={(id) => go("admin", `/${id}`)} testId="admin-tab" />
      <div className={styles.body} role="tabpanel" id="panel-admin-tab">
        {selected === "users" && <UsersTab />}
        {selected === "groups" && <GroupsTab />}
        {selected === "access" && <AccessTab />}
        {selected === "account" && <AccountTab />}
      </div>
    </section>
  );
}
