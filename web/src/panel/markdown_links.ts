/** Addresses inside of Markdown files, which strangers wrote. */
import { ancestry, join } from "../drive/path";

/** The address if it leads to the web or to a mail program; never script or data. */
export function safeLink(href: string): string | undefined {
  return /^(https?:|mailto:)/i.test(href.trim()) ? href.trim() : undefined;
}

/** The drive path that a relative address means, seen from `folder`; undefined for other hosts and schemes. */
export function drivePathOf(href: string, folder: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href)) return undefined;
  const [address = ""] = href.split(/[?#]/, 1);
  let steps = address.startsWith("/") ? ["/"] : ancestry(folder);
  for (const name of decoded(address).split("/")) {
    if (name === "..") steps = steps.slice(0, -1);
    else if (name !== "" && name !== ".") steps = [...steps, join(steps.at(-1) ?? "/", name)];
  }
  const path = steps.at(-1);
  return path === undefined || path === "/" ? undefined : path;
}

/** The few entities that people write by hand in Markdown. */
export function unescaped(text: string): string {
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: "\u00a0", copy: "©", mdash: "—", ndash: "–" };
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
