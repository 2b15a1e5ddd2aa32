import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import { useUser } from "../app/session";
import { useText } from "../i18n/i18n";
import { Select } from "../ui/Select";
import styles from "./PrincipalField.module.css";

interface Props {
  /** "user:NAME", "group:NAME", or empty. */
  value: string;
  onChange: (principal: string) => void;
}

/** A user or a group. Administrators choose from all; others, who cannot see all users, write the name. */
export function PrincipalField({ value, onChange }: Props) {
  const { t } = useText();
  const me = useUser();
  const users = useQuery({ queryKey: keys.users, queryFn: ({ signal }) => api.users(signal) });
  const groups = useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => api.groups(signal), retry: false });
  if (me.role !== "admin") {
    return (
      <input
        className={styles.field}
        value={value.replace(/^user:/, "")}
        aria-label={t("share.who")}
        placeholder={t("share.who_placeholder")}
        data-testid="principal"
        onChange={(event) => onChange(principalOf(event.target.value))}
      />
    );
  }
  const options = [
    { value: "", label: t("share.who") },
    ...(users.data?.users ?? []).map((user) => ({ value: `user:${user.name}`, label: user.name })),
    ...(groups.data?.groups ?? []).map((group) => ({ value: `group:${group.name}`, label: t("share.group", { name: group.name ?? "" }) })),
  ];
  return <Select label={t("share.who")} value={value} options={options} onChange={onChange} data-testid="principal" />;
}

/** A bare name means a user; "group:NAME" is taken as it stands. */
function principalOf(text: string): string {
  const clean = text.trim();
  return clean === "" || clean.startsWith("group:") ? clean : `user:${clean}`;
}
