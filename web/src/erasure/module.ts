/**
 * The codec's WebAssembly modules, made from src/erasure by the target erasure_wasm, and which of them this browser
 * runs. All give the same bytes.
 */
import relaxed_url from "@wasm/erasure_relaxed.wasm?url";
import scalar_url from "@wasm/erasure_scalar.wasm?url";
import simd128_url from "@wasm/erasure_simd128.wasm?url";

/** Slowest first. `relaxed` needs one instruction less per table look-up than `simd128`. */
export const variants = ["scalar", "simd128", "relaxed"] as const;
export type Variant = (typeof variants)[number];

/** What src/erasure/wasm/module.cpp exports. Addresses and sizes are numbers of 32 bits. */
export interface Exports {
  memory: WebAssembly.Memory;
  start(): number;
  use_layout(k: number, m: number, w: number, matrix: number): number;
  encode(data: number, parity: number): void;
  encode_checked(data: number, parity: number, checksums: number): void;
  examine(shards: number, liars: number): number;
  make_plan(have: number, have_count: number, want: number, want_count: number): number;
  apply_plan(plan: number, survivors: number, out: number, out_count: number): void;
  drop_plan(plan: number): void;
  crc32c(bytes: number, size: number, crc: number): number;
}

const urls: Record<Variant, string> = { scalar: scalar_url, simd128: simd128_url, relaxed: relaxed_url };

/** Type (→ v128), one function, and its body up to the number of its bytes: two splats of 0, then an opcode. */
const probe = (...opcode: number[]) =>
  Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0,
    10, 13 + opcode.length, 1, 11 + opcode.length, 0, 65, 0, 253, 15, 65, 0, 253, 15, 253, ...opcode, 11,
  );

/** i8x16.swizzle is 0x0e, i8x16.relaxed_swizzle 0x100. */
const probes: Record<Variant, Uint8Array | undefined> = { scalar: undefined, simd128: probe(14), relaxed: probe(128, 2) };

export function canRun(variant: Variant): boolean {
  const bytes = probes[variant];
  return bytes === undefined || WebAssembly.validate(bytes as BufferSource);
}

export function bestVariant(): Variant {
  return [...variants].reverse().find(canRun)!;
}

const compiled = new Map<Variant, Promise<WebAssembly.Module>>();

/** Fetched and compiled once; a failure is not kept, so that the next call tries again. */
export function loadModule(variant: Variant = bestVariant()): Promise<WebAssembly.Module> {
  let module = compiled.get(variant);
  if (!module) {
    module = WebAssembly.compileStreaming(fetch(urls[variant]));
    module.catch(() => compiled.delete(variant));
    compiled.set(variant, module);
  }
  return module;
}
