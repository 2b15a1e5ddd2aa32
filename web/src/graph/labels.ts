/**
 * Names beside nodes, with a halo in the background's colour so that they stay readable over edges. Drawing text with a
 * halo is slow, copying a picture is not: each name is drawn once and kept, at most `sprites_max` of them.
 */
import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import { css, mix, type Palette, type Rgb } from "./look";
import { Room } from "./room";

type Labelled = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

const label_chars_max = 34;
const sprites_max = 1500;
const halo_px = 3.5;
const line_px = 20;

/** A topic's name and where its middle stands, px of the container. */
export interface TopicName {
  name: string;
  colour: Rgb;
  x: number;
  y: number;
}

/** Puts a name's picture at a point of the container (px); in place of drawing it on sigma's own canvas. */
export type PutSprite = (sprite: HTMLCanvasElement, x: number, y: number) => void;

export class Labels {
  private readonly sprites = new Map<string, HTMLCanvasElement>();
  private readonly room = new Room();

  constructor(private palette: Palette, private readonly put?: PutSprite | undefined) {}

  /** Other colours: every name is drawn anew. */
  setPalette(palette: Palette): void {
    this.palette = palette;
    this.sprites.clear();
  }

  /** A new frame: all places are free, but those where the names of topics will stand. */
  begin(topics: readonly TopicName[], font: string): void {
    this.room.clear();
    const scale = window.devicePixelRatio || 1;
    for (const { name, colour, x, y } of topics) {
      const { width } = this.topicSprite(name, colour, font);
      this.room.take(x - width / scale / 2, y - line_px / 2, width / scale, line_px);
    }
  }

  drawLabel = (context: CanvasRenderingContext2D, data: Labelled, settings: Settings): void => {
    this.draw(context, data, settings, false);
  };

  drawHover = (context: CanvasRenderingContext2D, data: Labelled, settings: Settings): void => {
    context.beginPath();
    context.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
    context.lineWidth = 2;
    context.strokeStyle = css(this.palette.accent);
    context.stroke();
    this.draw(context, data, settings, true);
  };

  /** The name of a topic, in the middle of its files. */
  drawTopic(context: CanvasRenderingContext2D, { name, colour, x, y }: TopicName, font: string): void {
    const sprite = this.topicSprite(name, colour, font);
    const scale = window.devicePixelRatio || 1;
    this.place(context, sprite, x - sprite.width / scale / 2, y - sprite.height / scale / 2);
  }

  private topicSprite(name: string, colour: Rgb, font: string): HTMLCanvasElement {
    return this.spriteOf(shortened(name), `600 15px ${font}`, css(mix(colour, this.palette.ink, 0.55)));
  }

  private draw(context: CanvasRenderingContext2D, data: Labelled, settings: Settings, is_strong: boolean): void {
    if (!data.label) return;
    const font = `${is_strong ? 600 : settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    const sprite = this.spriteOf(shortened(data.label), font, css(is_strong ? this.palette.ink : this.palette.ink_soft));
    const [x, y] = [data.x + data.size + 2, data.y - line_px / 2];
    if (is_strong) return paste(context, sprite, x, y);
    const width = sprite.width / (window.devicePixelRatio || 1);
    if (this.room.take(x, y + 3, width, line_px - 6)) this.place(context, sprite, x, y);
  }

  private place(context: CanvasRenderingContext2D, sprite: HTMLCanvasElement, x: number, y: number): void {
    if (this.put) this.put(sprite, x, y);
    else paste(context, sprite, x, y);
  }

  private spriteOf(text: string, font: string, colour: string): HTMLCanvasElement {
    const key = `${colour} ${font} ${text}`;
    const known = this.sprites.get(key);
    if (known) return known;
    if (this.sprites.size >= sprites_max) this.sprites.clear();
    const made = this.paint(text, font, colour);
    this.sprites.set(key, made);
    return made;
  }

  private paint(text: string, font: string, colour: string): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: this.put !== undefined })!;
    const scale = window.devicePixelRatio || 1;
    context.font = font;
    canvas.width = Math.ceil((context.measureText(text).width + 2 * halo_px) * scale);
    canvas.height = Math.ceil(line_px * scale);
    context.scale(scale, scale);
    context.font = font;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = halo_px;
    context.strokeStyle = css(this.palette.background);
    context.fillStyle = colour;
    context.strokeText(text, halo_px, line_px / 2);
    context.fillText(text, halo_px, line_px / 2);
    return canvas;
  }
}

function paste(context: CanvasRenderingContext2D, sprite: HTMLCanvasElement, x: number, y: number): void {
  const scale = window.devicePixelRatio || 1;
  context.drawImage(sprite, Math.round(x), Math.round(y), sprite.width / scale, sprite.height / scale);
}

/** Long names keep their beginning and their ending: "a very long na….pdf". */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= label_chars_max) return name;
  return `${letters.slice(0, label_chars_max - 8).join("")}…${letters.slice(-7).join("")}`;
}
