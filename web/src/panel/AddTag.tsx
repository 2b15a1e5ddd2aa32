import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { FileTag } from "../api/types";
import { useDebounced } from "../app/useDebounced";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import styles from "./AddTag.module.css";
import { addTag } from "./tag_actions";

const suggestions_max = 12;
const name_chars_max = 100;

/** A field for one more tag; tags that others have are suggested, so that one thing keeps one name. */
export function AddTag({ id, known }: { id: string; known: readonly FileTag[] }) {
  const { t } = useText();
  const [name, setName] = useState("");
  const prefix = useDebounced(name.trim(), 150);
  const { data } = useQuery({
    queryKey: keys.tags(prefix),
    queryFn: ({ signal }) => api.tags(prefix, suggestions_max, signal),
    enabled: prefix !== "",
  });
  const has = new Set(known.filter((tag) => tag.state !== "rejected").map((tag) => tag.name));
  const suggestions = (data?.tags ?? []).filter((tag) => tag.name && !has.has(tag.name));

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === "") return;
        void addTag(id, name.trim());
        setName("");
      }}
    >
      <input
        value={name}
        list={`tags-of-${id}`}
        maxLength={name_chars_max}
        placeholder={t("tags.add_placeholder")}
        aria-label={t("tags.add_label")}
        data-testid="tag-input"
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key !== "Escape" && event.stopPropagation()}
      />
      <datalist id={`tags-of-${id}`}>
        {suggestions.map((tag) => (
          <option key={tag.id ?? tag.name} value={tag.name}>
            {t("tags.files", { n: tag.files ?? 0 })}
          </option>
        ))}
      </datalist>
      <Button type="submit" icon="add" disabled={name.trim() === ""} data-testid="tag-add">
        {t("tags.add")}
      </Button>
    </form>
  );
}
