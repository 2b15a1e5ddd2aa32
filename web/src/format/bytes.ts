/** Sizes as people read them, in powers of 1000 as file managers and disk makers count: 1536 → "1.5 kB". */

const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** `size` in bytes, at least 0; "–" when unknown. */
export function bytes(size: number | undefined, language: string): string {
  if (size === undefined || !Number.isFinite(size) || size < 0) return "–";
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${units[unit]}`;
}
