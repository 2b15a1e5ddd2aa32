/** Moments and durations as people read them. `now` and moments are ms since 1970 or RFC 3339 text. */

const steps: [limit_s: number, unit: Intl.RelativeTimeFormatUnit, size_s: number][] = [
  [45, "second", 1],
  [45 * 60, "minute", 60],
  [22 * 3600, "hour", 3600],
  [6.5 * 86400, "day", 86400],
];

/** "3 minutes ago" within a week, then a date; "–" when unknown. */
export function ago(moment: string | undefined, language: string, now = Date.now()): string {
  const at = moment === undefined ? NaN : Date.parse(moment);
  if (Number.isNaN(at)) return "–";
  const seconds = Math.round((at - now) / 1000);
  for (const [limit, unit, size] of steps) {
    if (Math.abs(seconds) < limit) {
      const count = unit === "second" ? 0 : Math.round(seconds / size);
      return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(count, unit);
    }
  }
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return new Date(at).toLocaleDateString(language, { year, month: "short", day: "numeric" });
}

/** Date and time to the minute, for tooltips and details; "–" when unknown. */
export function moment(text: string | undefined, language: string): string {
  const at = text === undefined ? NaN : Date.parse(text);
  if (Number.isNaN(at)) return "–";
  return new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}

/** Seconds as "45 sec", "3 min", "2 hr 10 min", "4 days". */
export function duration(seconds: number, language: string): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return unit(whole, "second", language);
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return unit(minutes, "minute", language);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours >= 48) return unit(Math.round(hours / 24), "day", language);
  return rest === 0 ? unit(hours, "hour", language) : `${unit(hours, "hour", language)} ${unit(rest, "minute", language)}`;
}

/** A playing time: 75 → "1:15", 3700 → "1:01:40". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

function unit(count: number, unit: string, language: string): string {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count);
}
