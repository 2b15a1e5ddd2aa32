import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Hit } from "../api/types";
import { go, useRoute } from "../app/route";
import { parentOf } from "../drive/path";
import { useText } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { InstantResults } from "./InstantResults";
import styles from "./SearchBar.module.css";
import { withTypedTag } from "./query";
import { useInstantSearch, useTagSuggestions } from "./useSearch";

/** The search bar, always there: "/" goes to it, results come while typing, arrows and Enter open them. */
export function SearchBar() {
  const { t } = useText();
  const { view, params } = useRoute();
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [text, writeText] = useState(params["q"] ?? "");
  const [is_open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  /** Another text has other results: none of them is active yet. */
  const setText = (next: string) => {
    writeText(next);
    setActive(-1);
  };
  const search = useInstantSearch(text, is_open);
  const suggestions = useTagSuggestions(text);
  const hits = text.trim() === "" ? [] : (search.data?.hits ?? []);
  const count = suggestions ? suggestions.length : hits.length;

  useEffect(() => {
    setText(view === "search" ? (params["q"] ?? "") : "");
    setOpen(false);
  }, [view, params["q"]]);
  useSlashKey(input);
  useEffect(() => {
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    window.addEventListener("pointerdown", outside);
    return () => window.removeEventListener("pointerdown", outside);
  }, []);

  const openHit = (hit: Hit) => {
    setOpen(false);
    input.current?.blur();
    openHitInDrive(hit);
  };
  const takeTag = (name: string) => {
    setText(withTypedTag(text, name));
    input.current?.focus();
  };
  const submit = () => {
    const tag = suggestions?.[active];
    const hit = hits[active];
    if (tag?.name) return takeTag(tag.name);
    if (hit && !suggestions) return openHit(hit);
    if (text.trim() === "") return;
    setOpen(false);
    go("search", "/", { q: text.trim() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setOpen(true);
      setActive((now) => Math.max(-1, Math.min(count - 1, now + step)));
    } else if (event.key === "Enter") {
      submit();
    } else if (event.key === "Escape") {
      setOpen(false);
      input.current?.blur();
    }
    event.stopPropagation();
  };

  return (
    <div ref={box} className={styles.box} role="search">
      <Icon name="search" size={16} className={styles.icon} />
      <input
        ref={input}
        value={text}
        type="text"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
        placeholder={t("search.placeholder")}
        aria-label={t("search.label")}
        role="combobox"
        aria-expanded={is_open}
        aria-controls="search-results"
        aria-activedescendant={active >= 0 ? `search-option-${active}` : undefined}
        data-testid="search-input"
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
      />
      {text === "" ? (
        <kbd className={styles.key} aria-hidden>
          /
        </kbd>
      ) : (
        <IconButton
          icon="close"
          size={14}
          label={t("search.clear")}
          className={styles.clear}
          onClick={() => {
            setText("");
            input.current?.focus();
          }}
        />
      )}
      {is_open && (
        <InstantResults
          text={text}
          search={search}
          hits={hits}
          suggestions={suggestions}
          active={active}
          onHit={openHit}
          onTag={takeTag}
          onAll={() => {
            setOpen(false);
            go("search", "/", { q: text.trim() });
          }}
          onExample={(example) => {
            setText(example);
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}

export function openHitInDrive(hit: Hit): void {
  const path = hit.path ?? "/";
  if (hit.kind === "folder") go("drive", path);
  else go("drive", parentOf(path), { open: hit.id });
}

/** "/" anywhere outside of a text field puts the cursor into the search bar. */
function useSlashKey(input: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const is_typing = target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || is_typing) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
