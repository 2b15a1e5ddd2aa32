/** What analysers found, as text. Keys tell the unit by their ending (duration_s, bit_rate_bps), as everywhere. */
import { clock } from "../format/time";

const text_chars_max = 400;

export function propertyText(key: string, value: unknown): string {
  if (typeof value === "number") {
    if (/^duration(_s|_seconds)?$/.test(key)) return clock(value);
    if (/_hz$/.test(key)) return `${value.toLocaleString()} Hz`;
    return Number.isInteger(value) ? value.toLocaleString() : String(Math.round(value * 1e6) / 1e6);
  }
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (Array.isArray(value)) return cut(value.map((one) => propertyText(key, one)).join(", "));
  if (typeof value === "object" && value !== null) return cut(JSON.stringify(value));
  return cut(String(value));
}

function cut(text: string): string {
  return text.length > text_chars_max ? `${text.slice(0, text_chars_max)}…` : text;
}
