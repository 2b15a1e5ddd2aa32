/** What analysers found, as text. Keys tell the unit by their ending (duration_s, bit_rate_bps), as everywhere. */
import { clock } from "../format/time";
import { en } from "../i18n/en";
import type { Text } from "../i18n/i18n";

const text_chars_max = 400;

/** "bit_rate_bps" → "Bit rate"; a key that has no text yet is shown as it is. */
export function propertyName(key: string, { t }: Text): string {
  const name = `details.property.${key}`;
  return name in en ? t(name as "details.property.width") : key.replaceAll("_", " ");
}

export function propertyText(key: string, value: unknown, text: Text): string {
  if (typeof value === "number") return numberText(key, value, text);
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (Array.isArray(value)) return cut(value.map((one) => propertyText(key, one, text)).join(", "));
  if (typeof value === "object" && value !== null) return cut(JSON.stringify(value));
  if (key === "language") return languageName(String(value), text.language);
  return cut(String(value));
}

function numberText(key: string, value: number, { bytes, number }: Text): string {
  if (/(^|_)duration(_s)?$/.test(key)) return clock(value);
  if (key.endsWith("_bytes")) return bytes(value);
  if (key.endsWith("_hz")) return `${number(value)} Hz`;
  if (key.endsWith("_bps")) return `${number(Math.round(value / 1000))} kbit/s`;
  return number(Math.round(value * 1e6) / 1e6);
}

/** "en" → "English", "英语"; what is no language tag stays. */
function languageName(tag: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function cut(text: string): string {
  return text.length > text_chars_max ? `${text.slice(0, text_chars_max)}…` : text;
}
