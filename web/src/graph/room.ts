/**
 * Which places of one frame are taken by names, so that no name is written over another. Who comes first has the place;
 * rectangles are kept by the cells of a grid that they touch, so taking one costs O(names nearby).
 */
interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const cell_px = 64;

export class Room {
  private readonly cells = new Map<number, Rect[]>();

  clear(): void {
    this.cells.clear();
  }

  /** Takes a place (px) unless a part of it is taken. */
  take(left: number, top: number, width: number, height: number): boolean {
    const rect = { left, top, right: left + width, bottom: top + height };
    const keys = keysOf(rect);
    for (const key of keys) if (this.cells.get(key)?.some((other) => overlap(rect, other))) return false;
    for (const key of keys) {
      const cell = this.cells.get(key);
      if (cell) cell.push(rect);
      else this.cells.set(key, [rect]);
    }
    return true;
  }
}

function overlap(a: Rect, b: Rect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function keysOf({ left, top, right, bottom }: Rect): number[] {
  const keys: number[] = [];
  for (let y = Math.floor(top / cell_px); y <= Math.floor(bottom / cell_px); y += 1) {
    for (let x = Math.floor(left / cell_px); x <= Math.floor(right / cell_px); x += 1) keys.push(y * 4096 + x);
  }
  return keys;
}
