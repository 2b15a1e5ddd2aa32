/** Names beside nodes: with a halo in the background's colour, so that they stay readable over edges. */
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import type { Settings } from "sigma/settings";
import { css, type Palette } from "./look";

type Labelled = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

const label_chars_max = 34;

export function labelDrawers(palette: () => Palette) {
  const text = (context: CanvasRenderingContext2D, data: Labelled, settings: Settings, strong: boolean) => {
    if (!data.label) return;
    const { background, ink, ink_soft } = palette();
    context.font = `${strong ? 600 : settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    context.strokeStyle = css(background);
    context.fillStyle = css(strong ? ink : ink_soft);
    const x = data.x + data.size + 4;
    const y = data.y + settings.labelSize / 3;
    const words = shortened(data.label);
    context.strokeText(words, x, y);
    context.fillText(words, x, y);
  };
  return {
    label: (context: CanvasRenderingContext2D, data: Labelled, settings: Settings) => text(context, data, settings, false),
    hover: (context: CanvasRenderingContext2D, data: Labelled, settings: Settings) => {
      context.beginPath();
      context.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
      context.lineWidth = 2;
      context.strokeStyle = css(palette().accent);
      context.stroke();
      text(context, data, settings, true);
    },
  };
}

/** Long names keep their beginning and their ending: "a very long na….pdf". */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= label_chars_max) return name;
  return `${letters.slice(0, label_chars_max - 8).join("")}…${letters.slice(-7).join("")}`;
}
