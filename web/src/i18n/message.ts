/**
 * Messages with named holes: "{done} of {total} {total:file|files}". "{n}" puts a value in, "{n:one|other}" picks
 * a word by the number n. The names of the holes are part of a message's type, so a forgotten one does not compile.
 */

type Hole<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}:${string}` ? Name : Inside) | Hole<Rest>
  : never;

/** What t() wants after the key of this message: nothing, or one object with a value per hole. */
export type Holes<Text extends string> = [Hole<Text>] extends [never] ? [] : [Record<Hole<Text>, string | number>];

/** Numbers are written in `language`; words are picked by its plural rules (one, or other). */
export function fill(text: string, values: Record<string, string | number>, language: string): string {
  return text.replace(/\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined) return new Intl.PluralRules(language).select(Number(value)) === "one" ? one : (other ?? one);
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

/** The names of a message's holes, sorted and without repetition. */
export function holesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)(?::[^{}]*)?\}/g)].map((found) => found[1]!))].sort();
}
