/**
 * Sigma's nodes, edges and names drawn into one picture in memory (raster.ts), for machines without a graphics card.
 *
 * Sigma's programs only note what is to be drawn; flush(), behind each of its frames, draws and shows it. Sigma's own
 * layers are hidden, since each visible one costs a machine without a card as much as all the drawing.
 */
import type Sigma from "sigma";
import type { EdgeProgramType, NodeProgramType } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { parseRgb, shapes } from "./look";
import styles from "./GraphStage.module.css";
import type { ShapeData } from "./node_program";
import { packed, Raster, stampOf, type Sprite, type Stamp } from "./raster";
import { AdaptiveScreen } from "./screen";

const smooth_lines_max = 4_000;

/** Whether WebGL is drawn by the processor, by the name that the driver gives itself. */
export function isSoftwareGl(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

class FlatNodes {
  drawLabel = undefined;
  drawHover = undefined;
  private readonly picture: Picture;

  constructor(_gl: WebGLRenderingContext, _picking: WebGLFramebuffer | null, view: Sigma) {
    this.picture = pictureOf(view);
  }

  reallocate(capacity: number): void {
    this.picture.nodes = new Array<NodeMark | undefined>(capacity);
  }

  process(_index: number, offset: number, data: NodeDisplayData): void {
    const { x, y, size, shape, color, hidden } = data as ShapeData;
    this.picture.nodes[offset] = hidden ? undefined : { x, y, size, shape, colour: this.picture.colourOf(color) };
  }

  render(): void {}

  kill(): void {}
}

class FlatEdges {
  drawLabel = undefined;
  private readonly picture: Picture;

  constructor(_gl: WebGLRenderingContext, _picking: WebGLFramebuffer | null, view: Sigma) {
    this.picture = pictureOf(view);
  }

  reallocate(capacity: number): void {
    this.picture.edges = new Array<EdgeMark | undefined>(capacity);
  }

  process(_index: number, offset: number, from: NodeDisplayData, to: NodeDisplayData, edge: EdgeDisplayData): void {
    const is_hidden = edge.hidden || from.hidden || to.hidden;
    this.picture.edges[offset] = is_hidden
      ? undefined
      : { x0: from.x, y0: from.y, x1: to.x, y1: to.y, is_wide: edge.size > 1.5, colour: this.picture.colourOf(edge.color) };
  }

  render(params: RenderParams): void {
    this.picture.params = params;
  }

  kill(): void {
    this.picture.remove();
  }
}

/** As sigma wants to see them: the classes have all that its programs need, though they draw elsewhere. */
export const FlatNodeProgram = FlatNodes as unknown as NodeProgramType;
export const FlatEdgeProgram = FlatEdges as unknown as EdgeProgramType;

interface NodeMark {
  x: number;
  y: number;
  size: number;
  shape: number;
  colour: number;
}

interface EdgeMark {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  is_wide: boolean;
  colour: number;
}

interface NameMark {
  sprite: HTMLCanvasElement;
  x: number;
  y: number;
}

const pictures = new WeakMap<object, Picture>();

/** Notes a name for the frame that is being made. */
export function putName(view: object, sprite: HTMLCanvasElement, x: number, y: number): void {
  pictures.get(view)?.names.push({ sprite, x, y });
}

/** Draws what was noted since the last time; nothing to do where the card draws. */
export function flush(view: object): void {
  pictures.get(view)?.draw();
}

/** Shows or hides the layers above the picture: the ring and name of the node under the pointer. */
export function showHovers(view: object, shown: boolean): void {
  pictures.get(view)?.showHovers(shown);
}

function pictureOf(view: Sigma): Picture {
  let picture = pictures.get(view);
  if (!picture) pictures.set(view, (picture = new Picture(view)));
  return picture;
}

class Picture {
  nodes: (NodeMark | undefined)[] = [];
  edges: (EdgeMark | undefined)[] = [];
  names: NameMark[] = [];
  params: RenderParams | undefined;
  private readonly screen: AdaptiveScreen;
  private readonly colours = new Map<string, number>();
  private readonly stamps = new Map<number, Stamp>();
  private readonly sprites = new WeakMap<HTMLCanvasElement, Sprite>();
  private raster: Raster | undefined;

  constructor(private readonly view: Sigma) {
    this.screen = new AdaptiveScreen(() => canvasBelow(view.getCanvases()["edges"]!));
    for (const layer of ["edges", "nodes", "labels"]) view.getCanvases()[layer]!.style.display = "none";
  }

  showHovers(shown: boolean): void {
    for (const layer of ["hovers", "hoverNodes"]) this.view.getCanvases()[layer]!.style.display = shown ? "" : "none";
  }

  colourOf(css: string): number {
    let colour = this.colours.get(css);
    if (colour === undefined) {
      const { r, g, b } = parseRgb(css);
      this.colours.set(css, (colour = packed(r, g, b)));
    }
    return colour;
  }

  draw(): void {
    const { params } = this;
    if (!params) return;
    const [width, height] = [Math.round(params.width * params.pixelRatio), Math.round(params.height * params.pixelRatio)];
    if (width < 2 || height < 2) return;
    const raster = this.sized(width, height);
    raster.clear(this.colourOf(getComputedStyle(this.view.getContainer()).backgroundColor));
    // The matrix leads to -1 … 1, upwards; from there to the canvas's pixels, downwards.
    const m = params.matrix as unknown as number[];
    const [w, h] = [width / 2, height / 2];
    const [ax, ay, bx, by, cx, cy] = [m[0]! * w, -m[1]! * h, m[3]! * w, -m[4]! * h, m[6]! * w + w, h - m[7]! * h];

    const is_smooth = this.edges.length <= smooth_lines_max;
    for (const edge of this.edges) {
      if (!edge) continue;
      const [x0, y0] = [edge.x0 * ax + edge.y0 * bx + cx, edge.x0 * ay + edge.y0 * by + cy];
      const [x1, y1] = [edge.x1 * ax + edge.y1 * bx + cx, edge.x1 * ay + edge.y1 * by + cy];
      if (!is_smooth && !edge.is_wide) {
        raster.line(x0, y0, x1, y1, edge.colour);
        continue;
      }
      raster.smoothLine(x0, y0, x1, y1, edge.colour);
      if (edge.is_wide) raster.smoothLine(x0 + 0.6, y0 + 0.6, x1 + 0.6, y1 + 0.6, edge.colour);
    }
    const scale = params.pixelRatio / params.sizeRatio;
    for (const node of this.nodes) {
      if (!node) continue;
      const [x, y] = [node.x * ax + node.y * bx + cx, node.x * ay + node.y * by + cy];
      const radius = node.size * scale;
      if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
      raster.stamp(this.stampOf(node.shape, radius), x, y, node.colour);
    }
    for (const { sprite, x, y } of this.names) raster.paste(this.spriteOf(sprite), x * params.pixelRatio, y * params.pixelRatio);
    this.names = [];
    this.screen.show(raster.pixels, width, height);
  }

  remove(): void {
    this.screen.close();
  }

  private sized(width: number, height: number): Raster {
    if (!this.raster || this.raster.width !== width || this.raster.height !== height) {
      this.raster = new Raster(width, height);
    }
    return this.raster;
  }

  private spriteOf(canvas: HTMLCanvasElement): Sprite {
    let sprite = this.sprites.get(canvas);
    if (!sprite) {
      const { width, height, data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      this.sprites.set(canvas, (sprite = { width, height, pixels: new Uint32Array(data.buffer) }));
    }
    return sprite;
  }

  /** The same shapes as node_program.ts draws, in steps of a quarter pixel. */
  private stampOf(shape: number, radius: number): Stamp {
    const quarters = Math.max(2, Math.min(400, Math.round(radius * 4)));
    const key = shape * 1000 + quarters;
    let stamp = this.stamps.get(key);
    if (!stamp) this.stamps.set(key, (stamp = shaped(shape, quarters / 4)));
    return stamp;
  }
}

/** A canvas of the same place and size, below another one. */
function canvasBelow(other: HTMLCanvasElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = styles.picture ?? "";
  other.before(canvas);
  return canvas;
}

function shaped(shape: number, r: number): Stamp {
  if (shape === shapes.folder) return stampOf(r, (x, y) => Math.max(Math.abs(x), Math.abs(y)) - r * 0.76);
  if (shape === shapes.user) return stampOf(r, (x, y) => (Math.abs(x) + Math.abs(y) - r) * 0.7071);
  const disc = (x: number, y: number) => Math.hypot(x, y) - r;
  return shape === shapes.tag ? stampOf(r, disc, (away) => (away < r * 0.56 ? 0.28 : 1)) : stampOf(r, disc);
}
