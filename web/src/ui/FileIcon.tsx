import type { Entry } from "../api/types";
import styles from "./FileIcon.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

interface Props {
  entry: Pick<Entry, "kind" | "media_type" | "name"> | { kind: string; media_type?: string; name: string };
  size?: number;
}

/** What kind of thing an entry is, by shape and tint. */
export function FileIcon({ entry, size = 20 }: Props) {
  const [icon, tint] = entry.kind === "file" ? lookOf(entry.media_type ?? "", entry.name) : other(entry.kind);
  return <Icon name={icon} size={size} className={`${styles.icon} ${styles[tint]}`} />;
}

function other(kind: string): [IconName, string] {
  const icons: Record<string, IconName> = { folder: "folder", tag: "tag", user: "user", group: "group" };
  return [icons[kind] ?? "file", kind === "folder" ? "folder" : "plain"];
}

const code_endings = /\.(c|cc|cpp|h|hpp|cs|css|go|html?|java|js|json|jsx|kt|lua|php|pl|py|r|rb|rs|sh|sql|swift|toml|ts|tsx|xml|ya?ml|zig)$/i;

function lookOf(type: string, name: string): [IconName, string] {
  if (type.startsWith("image/")) return ["image", "image"];
  if (type.startsWith("audio/")) return ["audio", "audio"];
  if (type.startsWith("video/")) return ["video", "audio"];
  if (type === "application/pdf") return ["pdf", "pdf"];
  if (/zip|tar|gzip|compressed|7z|rar/.test(type)) return ["archive", "plain"];
  if (code_endings.test(name)) return ["code", "code"];
  if (type.startsWith("text/")) return ["text", "text"];
  return ["file", "plain"];
}
