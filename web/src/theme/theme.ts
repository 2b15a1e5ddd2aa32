/**
 * Light or dark: as the system says, or as the person chose. tokens.css holds the colours of both; this file
 * only sets `data-theme` on <html>, and resolves tokens for those who draw on a canvas.
 */
import { createStore, settings } from "../app/store";

export type ThemeChoice = "system" | "light" | "dark";

const dark = window.matchMedia("(prefers-color-scheme: dark)");

export const themeChoice = createStore<ThemeChoice>(readChoice());
/** The theme that holds now; canvases redraw when it changes. */
export const theme = createStore<"light" | "dark">(resolve());

export function startTheme(): void {
  const apply = () => {
    const choice = themeChoice.get();
    if (choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = choice;
    theme.set(resolve());
  };
  themeChoice.subscribe(() => {
    const choice = themeChoice.get();
    settings.write("theme", choice === "system" ? null : choice);
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}

/** The colours of tokens ("--ink") as rgb() text, in the theme that holds now. */
export function resolveColours(tokens: readonly string[]): string[] {
  const probe = document.createElement("span");
  document.body.append(probe);
  const colours = tokens.map((token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}

function readChoice(): ThemeChoice {
  const kept = settings.read("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

function resolve(): "light" | "dark" {
  const choice = themeChoice.get();
  if (choice !== "system") return choice;
  return dark.matches ? "dark" : "light";
}
