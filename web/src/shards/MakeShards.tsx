import { useState, type FormEvent } from "react";
import { layoutOf, shardLength } from "../erasure/layout";
import { useText } from "../i18n/i18n";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { toast } from "../ui/toasts";
import { startEncode } from "./job";
import styles from "./MakeShards.module.css";
import { PickFiles } from "./PickFiles";
import { askFolder, has_pickers } from "./target";

/** More files than this nobody wants, and each data shard is a stream with 2 MiB of its own; the command line makes more. */
const limits = { k: { min: 1, max: 32 }, m: { min: 0, max: 32 } };

/** Choose a file, k and m: k + m shard files. */
export function MakeShards({ disabled }: { disabled: boolean }) {
  const { t, bytes, number } = useText();
  const [file, setFile] = useState<File>();
  const [words, setWords] = useState({ k: "4", m: "2" });
  const [k, m] = [whole(words.k), whole(words.m)];
  const fault = (name: "k" | "m", value: number | undefined) => {
    const { min, max } = limits[name];
    return value !== undefined && value >= min && value <= max ? undefined : t("shardfiles.whole", { min, max });
  };
  const faults = { k: fault("k", k), m: fault("m", m) };
  const layout = k !== undefined && m !== undefined && !faults.k && !faults.m ? layoutOf(k, m) : undefined;

  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (!file || !layout || disabled) return;
    try {
      const target = has_pickers() ? await askFolder() : ({ kind: "downloads" } as const);
      if (target) await startEncode(file, layout, target);
    } catch (error) {
      toast({ kind: "bad", text: t("shardfiles.error.folder", { why: (error as Error).message }) });
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void make(event)} data-testid="make-form">
      <PickFiles
        label={t("shardfiles.choose_file")}
        note={file ? `${file.name} · ${bytes(file.size)}` : t("shardfiles.no_file")}
        disabled={disabled}
        testId="make-file"
        onPick={([picked]) => setFile(picked)}
      />
      <div className={styles.numbers}>
        {(["k", "m"] as const).map((name) => (
          <Field
            key={name}
            label={t(`shardfiles.${name}`)}
            type="number"
            inputMode="numeric"
            min={limits[name].min}
            max={limits[name].max}
            value={words[name]}
            fault={faults[name]}
            disabled={disabled}
            data-testid={`make-${name}`}
            onChange={(event) => setWords({ ...words, [name]: event.target.value })}
          />
        ))}
      </div>
      {layout && (
        <p className={styles.summary} data-testid="make-summary">
          {t("shardfiles.summary", { n: layout.k + layout.m, k: layout.k, m: layout.m })}{" "}
          {file
            ? t("shardfiles.sizes", { each: bytes(shardLength(layout, file.size)), all: bytes(shardLength(layout, file.size) * (layout.k + layout.m)) })
            : t("shardfiles.ratio", { ratio: number(Math.round(((layout.k + layout.m) / layout.k) * 100) / 100) })}
        </p>
      )}
      <Button type="submit" kind="primary" icon="shards" className={styles.go} disabled={!file || !layout || disabled} data-testid="make-go">
        {has_pickers() ? t("shardfiles.make_into_folder") : t("shardfiles.make")}
      </Button>
    </form>
  );
}

function whole(text: string): number | undefined {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined;
}
