import type { KeyboardEvent } from "react";
import type { Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { Dialog } from "../ui/Dialog";
import { Preview } from "./Preview";

interface Props {
  entry: Entry;
  onClose: () => void;
  /** The next (1) or the one before (-1) is to be shown. */
  onStep: (step: number) => void;
}

/** A file over everything else, for a look; arrows show its neighbours, Space and Escape end it. */
export function QuickLook({ entry, onClose, onStep }: Props) {
  const { bytes, ago } = useText();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const is_playing = event.target instanceof HTMLMediaElement;
    if (step && !is_playing) onStep(step);
    else if (event.key === " " && !is_playing && !(event.target instanceof HTMLButtonElement)) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={entry.name} onClose={onClose} onKeyDown={onKeyDown} wide testId="quick-look">
      <p className="sr">{`${bytes(entry.size)}, ${ago(entry.modified)}`}</p>
      <Preview key={entry.id} entry={entry} large />
    </Dialog>
  );
}
