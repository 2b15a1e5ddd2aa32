/**
 * A picture in memory, and the few things that the graph needs drawn in it: lines, and stamped shapes. For machines
 * without a graphics card, where this is ten times as fast as an emulated one (docs/web.md). Pure; no canvas here.
 *
 * Pixels are opaque 0xAABBGGRR as little-endian canvases hold them, row by row from the top. What lies outside of the
 * picture is cut off.
 */

/** A picture with transparency: 0xAABBGGRR, colours not multiplied by it. */
export interface Sprite {
  width: number;
  height: number;
  pixels: Uint32Array;
}

/** Coverage of a shape, 0 … 255, side × side bytes. */
export interface Stamp {
  side: number;
  cover: Uint8Array;
}

export function packed(r: number, g: number, b: number): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

export class Raster {
  readonly pixels: Uint32Array;

  constructor(readonly width: number, readonly height: number) {
    this.pixels = new Uint32Array(width * height);
  }

  clear(colour: number): void {
    this.pixels.fill(colour);
  }

  /** One pixel wide, without smoothing. Costs about a nanosecond per pixel. */
  line(x0: number, y0: number, x1: number, y1: number, colour: number): void {
    const { pixels, width } = this;
    const cut = clipped(x0, y0, x1, y1, width - 1, this.height - 1);
    if (!cut) return;
    const [ax, ay, bx, by] = cut;
    const steps = Math.max(Math.abs(bx - ax), Math.abs(by - ay)) | 0;
    // 16.16 fixed point: the step along the longer side is one pixel.
    const dx = steps === 0 ? 0 : (((bx - ax) / steps) * 65536) | 0;
    const dy = steps === 0 ? 0 : (((by - ay) / steps) * 65536) | 0;
    let x = (ax * 65536 + 32768) | 0;
    let y = (ay * 65536 + 32768) | 0;
    for (let at = 0; at <= steps; at += 1) {
      pixels[(y >> 16) * width + (x >> 16)] = colour;
      x += dx;
      y += dy;
    }
  }

  /** One pixel wide, smoothed: each step shares its colour between two neighbours (Xiaolin Wu, 1991). */
  smoothLine(x0: number, y0: number, x1: number, y1: number, colour: number): void {
    const cut = clipped(x0, y0, x1, y1, this.width - 2, this.height - 2);
    if (!cut) return;
    const [ax, ay, bx, by] = cut;
    const is_steep = Math.abs(by - ay) > Math.abs(bx - ax);
    const steps = Math.max(1, Math.round(is_steep ? Math.abs(by - ay) : Math.abs(bx - ax)));
    const [dx, dy] = [(bx - ax) / steps, (by - ay) / steps];
    const beside = is_steep ? 1 : this.width;
    for (let at = 0; at <= steps; at += 1) {
      const [x, y] = [ax + dx * at, ay + dy * at];
      const [column, row] = is_steep ? [Math.floor(x), Math.round(y)] : [Math.round(x), Math.floor(y)];
      const part = is_steep ? x - column : y - row;
      const place = row * this.width + column;
      this.blend(place, colour, 255 * (1 - part));
      this.blend(place + beside, colour, 255 * part);
    }
  }

  /** Puts a shape with its middle at (x, y). */
  stamp({ side, cover }: Stamp, x: number, y: number, colour: number): void {
    const { pixels, width, height } = this;
    const [left, top] = [Math.round(x - side / 2), Math.round(y - side / 2)];
    const [from, to] = [Math.max(0, -left), Math.min(side, width - left)];
    const last = Math.min(side, height - top);
    for (let row = Math.max(0, -top); row < last; row += 1) {
      const line = (top + row) * width + left;
      for (let column = from; column < to; column += 1) {
        const part = cover[row * side + column]!;
        if (part === 255) pixels[line + column] = colour;
        else if (part > 0) this.blend(line + column, colour, part);
      }
    }
  }

  /** Puts a picture with its upper left corner at (x, y). */
  paste({ width: wide, height: high, pixels: source }: Sprite, x: number, y: number): void {
    const [left, top] = [Math.round(x), Math.round(y)];
    const [from, to] = [Math.max(0, -left), Math.min(wide, this.width - left)];
    const last = Math.min(high, this.height - top);
    for (let row = Math.max(0, -top); row < last; row += 1) {
      const line = (top + row) * this.width + left;
      for (let column = from; column < to; column += 1) {
        const colour = source[row * wide + column]!;
        const part = colour >>> 24;
        if (part === 255) this.pixels[line + column] = colour;
        else if (part > 0) this.blend(line + column, colour, part);
      }
    }
  }

  private blend(place: number, colour: number, part: number): void {
    const under = this.pixels[place]!;
    const over = part | 0;
    const rest = 255 - over;
    const r = ((colour & 255) * over + (under & 255) * rest) / 255;
    const g = (((colour >> 8) & 255) * over + ((under >> 8) & 255) * rest) / 255;
    const b = (((colour >> 16) & 255) * over + ((under >> 16) & 255) * rest) / 255;
    this.pixels[place] = packed(r, g, b);
  }
}

/** The coverage of a shape given by its signed distance (px, negative inside), `radius` px around the middle. */
export function stampOf(radius: number, distance: (x: number, y: number) => number, strength: (away: number) => number = () => 1): Stamp {
  const side = Math.ceil(radius * 2) + 2;
  const cover = new Uint8Array(side * side);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const [x, y] = [column + 0.5 - side / 2, row + 0.5 - side / 2];
      const part = Math.max(0, Math.min(1, 0.5 - distance(x, y)));
      cover[row * side + column] = Math.round(255 * part * strength(Math.hypot(x, y)));
    }
  }
  return { side, cover };
}

/** The part of a line within 0 … right, 0 … bottom; undefined when there is none (Liang and Barsky, 1984). */
export function clipped(x0: number, y0: number, x1: number, y1: number, right: number, bottom: number): [number, number, number, number] | undefined {
  if (x0 >= 0 && x1 >= 0 && y0 >= 0 && y1 >= 0 && x0 <= right && x1 <= right && y0 <= bottom && y1 <= bottom) return [x0, y0, x1, y1];
  const [dx, dy] = [x1 - x0, y1 - y0];
  if (!Number.isFinite(dx + dy)) return undefined;
  let [enter, leave] = [0, 1];
  for (const [p, q] of [[-dx, x0], [dx, right - x0], [-dy, y0], [dy, bottom - y0]] as const) {
    if (p === 0 && q < 0) return undefined;
    if (p < 0) enter = Math.max(enter, q / p);
    if (p > 0) leave = Math.min(leave, q / p);
  }
  if (enter > leave) return undefined;
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
  return [clamp(x0 + enter * dx, right), clamp(y0 + enter * dy, bottom), clamp(x0 + leave * dx, right), clamp(y0 + leave * dy, bottom)];
}
