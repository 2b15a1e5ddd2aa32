/** What a person reads when shard files could not be made or put together. */
import type { ErasureError } from "../erasure/error";
import { currentText } from "../i18n/i18n";

export function errorText({ code, values, message }: ErasureError): string {
  const { t, bytes } = currentText();
  const text = (name: string) => String(values[name] ?? "");
  switch (code) {
    case "too_few":
      return t("shardfiles.error.too_few", { have: text("have"), k: text("k"), missing: text("missing") });
    case "too_damaged":
      return t("shardfiles.error.too_damaged", { k: text("k"), place: bytes(Number(values["at"])) });
    case "corrupt":
      return t("shardfiles.error.corrupt", { index: text("index") });
    case "exhausted":
      return t("shardfiles.error.exhausted");
    case "unreadable":
      return t("shardfiles.error.unreadable", { name: text("name"), why: text("why") });
    case "unwritable":
      if (values["why"] === "QuotaExceededError") return t("shardfiles.error.full");
      return t("shardfiles.error.unwritable", { name: text("name"), why: text("why") });
    case "taken":
      return t("shardfiles.error.taken", { name: text("name") });
    default:
      return t("shardfiles.error.unexpected", { why: message });
  }
}
