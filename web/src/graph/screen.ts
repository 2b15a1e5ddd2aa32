/**
 * Shows a picture of memory in the page, in the way that is faster here.
 *
 * A browser that composes its page by the processor takes a flat (2D) canvas over at once. One that composes by an
 * emulated graphics card needs a hundred milliseconds for that, but takes a WebGL texture in twenty. Nothing tells
 * which one it is but trying: the flat canvas is used until it was slow `slow_max` times in a row while moving.
 */

interface Screen {
  show(pixels: Uint32Array, width: number, height: number): void;
  close(): void;
}

const slow_ms = 70;
/** Frames further apart do not follow each other: nothing moved meanwhile. */
const pause_ms = 400;
const slow_max = 4;

export class AdaptiveScreen implements Screen {
  private screen: Screen;
  private canvas: HTMLCanvasElement;
  private last = 0;
  private slow = 0;

  /** `make` adds a canvas to the page at the place where the picture belongs. */
  constructor(private readonly make: () => HTMLCanvasElement) {
    this.canvas = make();
    this.screen = new FlatScreen(this.canvas);
  }

  /** `pixels`: width × height, each 0xAABBGGRR, row by row from the top. */
  show(pixels: Uint32Array, width: number, height: number): void {
    this.watch(performance.now());
    this.screen.show(pixels, width, height);
  }

  close(): void {
    this.screen.close();
    this.canvas.remove();
  }

  private watch(now: number): void {
    const apart = now - this.last;
    this.last = now;
    if (this.screen instanceof CardScreen || apart > pause_ms) return;
    this.slow = apart > slow_ms ? this.slow + 1 : 0;
    if (this.slow < slow_max) return;
    this.close();
    this.canvas = this.make();
    this.screen = new CardScreen(this.canvas);
  }
}

class FlatScreen implements Screen {
  private readonly context: CanvasRenderingContext2D;
  private image: ImageData | undefined;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d", { alpha: false, willReadFrequently: true })!;
  }

  show(pixels: Uint32Array, width: number, height: number): void {
    if (this.image?.width !== width || this.image.height !== height) {
      [this.canvas.width, this.canvas.height] = [width, height];
      this.image = new ImageData(width, height);
    }
    new Uint32Array(this.image.data.buffer).set(pixels);
    this.context.putImageData(this.image, 0, 0);
  }

  close(): void {}
}

class CardScreen implements Screen {
  private readonly gl: WebGL2RenderingContext;
  private readonly texture: WebGLTexture;
  private size = { width: 0, height: 0 };

  /** The caller made sure that there is WebGL 2. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const options = { alpha: false, antialias: false, depth: false, stencil: false };
    const gl = canvas.getContext("webgl2", options) as WebGL2RenderingContext;
    this.gl = gl;
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, gl.createFramebuffer());
  }

  show(pixels: Uint32Array, width: number, height: number): void {
    const { gl, canvas } = this;
    const bytes = new Uint8Array(pixels.buffer);
    if (this.size.width !== width || this.size.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      this.size = { width, height };
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
      gl.framebufferTexture2D(gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
    } else {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    }
    // WebGL counts rows from below.
    gl.blitFramebuffer(0, 0, width, height, 0, height, width, 0, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  }

  close(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
