/** Quotas as people write them: "10", "1.5" in GB; empty is without limit (0). */

const gb = 1_000_000_000;

export function quotaText(bytes: number | undefined): string {
  return bytes ? String(bytes / gb) : "";
}

/** Bytes, or undefined when the text is no amount. */
export function quotaBytes(text: string): number | undefined {
  const clean = text.trim().replace(",", ".");
  if (clean === "") return 0;
  if (!/^\d+(\.\d+)?$/.test(clean)) return undefined;
  const bytes = Math.round(Number(clean) * gb);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export const password_chars_min = 10;
export const user_name = /^[a-z0-9][a-z0-9._-]{0,63}$/;
