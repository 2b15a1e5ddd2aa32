import { useEffect, useMemo, useRef, useState } from "react";
import type { Graph as GraphAnswer } from "../api/types";
import { useStore } from "../app/store";
import { onLive } from "../live/live";
import { resolveColours, theme } from "../theme/theme";
import type { Focus } from "./focus";
import { huesOf, palette_tokens, paletteOf } from "./look";
import { applyEvent, modelOf, type Model } from "./model";
import { Scene } from "./Scene";
import { topicPlaces } from "./topics";

const topics_max = 11;

/**
 * The model of an answer and, once the container is there, its drawing. Live events change the model; `changes`
 * counts them, for those who show something of it.
 */
export function useScene(answer: GraphAnswer, focus: Focus, onFrame: () => void) {
  const container = useRef<HTMLDivElement>(null);
  const model: Model = useMemo(() => modelOf(answer), [answer]);
  const [scene, setScene] = useState<Scene>();
  const [changes, setChanges] = useState(0);
  const now = useStore(theme);
  const frame = useRef(onFrame);
  frame.current = onFrame;

  const hues = useMemo(() => huesOf(answer.communities ?? [], palette_tokens.length - 5), [answer]);
  useEffect(() => {
    const made = new Scene({
      container: container.current!,
      model,
      hues,
      topics: topicPlaces(model, answer.communities ?? [], topics_max),
      palette: paletteOf(resolveColours(palette_tokens)),
      onFrame: () => frame.current(),
    });
    setScene(made);
    return () => made.kill();
  }, [model, hues]);

  useEffect(() => scene?.setPalette(paletteOf(resolveColours(palette_tokens))), [scene, now]);
  useEffect(() => scene?.setFocus(focus), [scene, focus]);
  useEffect(
    () =>
      onLive((events) => {
        const changed = events.filter((event) => applyEvent(model, event)).length;
        if (changed > 0) setChanges((count) => count + changed);
        if (changed > 0) scene?.redraw();
      }),
    [model, scene],
  );
  return { container, model, scene, hues, changes, touch: () => setChanges((count) => count + 1) };
}
