/** The text of a search as the person types it: words, "phrases", tag:x type:pdf in:/folder. */

const token = /(?:\w+:)?"[^"]*"?|\S+/g;

export function tokensOf(query: string): string[] {
  return query.match(token) ?? [];
}

export function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}

/** The query with `tag:x` added, once. */
export function withTag(query: string, tag: string): string {
  const added = `tag:${quoted(tag)}`;
  return tokensOf(query).includes(added) ? query : `${query.trim()} ${added}`.trim();
}

export function without(query: string, gone: string): string {
  return tokensOf(query).filter((one) => one !== gone).join(" ");
}

/** The filters of a query: tokens with a field. */
export function filtersOf(query: string): string[] {
  return tokensOf(query).filter((one) => /^(tag|type|in):./.test(one));
}

/** What stands behind "tag:" at the end of what is being typed; undefined when that is not a tag. */
export function tagBeingTyped(query: string): string | undefined {
  const found = /(?:^|\s)tag:(?:"([^"]*)|([^\s"]*))$/.exec(query);
  return found ? (found[1] ?? found[2] ?? "") : undefined;
}

/** The query with the tag at its end completed. */
export function withTypedTag(query: string, tag: string): string {
  return query.replace(/tag:(?:"[^"]*|[^\s"]*)$/, `tag:${quoted(tag)} `);
}
