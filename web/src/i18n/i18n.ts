/**
 * The language of the page: English or 简体中文, by the browser's wish until the person chooses. All texts stand in
 * en.ts and zh.ts under the same typed keys.
 */
import { createStore, settings, useStore } from "../app/store";
import { bytes } from "../format/bytes";
import { ago, duration, moment } from "../format/time";
import { en } from "./en";
import { fill, type Holes } from "./message";
import { zh } from "./zh";

export type Key = keyof typeof en;
export const languages = { en: "English", zh: "简体中文" } as const;
export type Language = keyof typeof languages;

const tables: Record<Language, Record<Key, string>> = { en, zh };
/** BCP 47 names, for Intl and <html lang>. */
const names: Record<Language, string> = { en: "en", zh: "zh-CN" };

export const language = createStore<Language>(readLanguage());

export function startLanguage(): void {
  const apply = () => {
    document.documentElement.lang = names[language.get()];
  };
  language.subscribe(() => {
    settings.write("language", language.get());
    apply();
  });
  apply();
}

export interface Text {
  language: Language;
  t: <K extends Key>(key: K, ...values: Holes<(typeof en)[K]>) => string;
  bytes: (size: number | undefined) => string;
  ago: (moment: string | undefined) => string;
  moment: (moment: string | undefined) => string;
  duration: (seconds: number) => string;
  number: (value: number) => string;
  percent: (ratio: number) => string;
}

/** Texts and formats in the language that holds now; the same object until it changes. */
export function useText(): Text {
  return texts[useStore(language)];
}

/** The same outside of components. */
export function currentText(): Text {
  return texts[language.get()];
}

const texts: Record<Language, Text> = { en: textOf("en"), zh: textOf("zh") };

function textOf(which: Language): Text {
  const name = names[which];
  const table = tables[which];
  return {
    language: which,
    t: (key, ...values) => fill(table[key], values[0] ?? {}, name),
    bytes: (size) => bytes(size, name),
    ago: (at) => ago(at, name),
    moment: (at) => moment(at, name),
    duration: (seconds) => duration(seconds, name),
    number: (value) => value.toLocaleString(name, { maximumFractionDigits: 6 }),
    percent: (ratio) => ratio.toLocaleString(name, { style: "percent", maximumFractionDigits: 0 }),
  };
}

function readLanguage(): Language {
  const kept = settings.read("language");
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}
