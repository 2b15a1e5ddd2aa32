/** The scale of a page without WebAssembly: logarithms added, one byte at a time, as the ancestor's codes did. */

/** Encodes one stripe of k + m shards of `size` bytes with the Cauchy matrix, on memory of its own. */
export function javascriptEncoder(k: number, m: number, size: number): () => void {
  const [powers, logs] = [new Uint8Array(512), new Uint8Array(256)];
  for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
    powers[exponent] = powers[exponent + 255] = value;
    logs[value] = exponent;
    value = value & 128 ? (value << 1) ^ 0x11d : value << 1;
  }
  const shards = Array.from({ length: k + m }, (_, at) => Uint8Array.from({ length: size }, (_, i) => Math.imul(i + at * size + 1, 2_654_435_761) >>> 24));
  const addMultiple = (out: Uint8Array, source: Uint8Array, log: number) => {
    for (let at = 0; at < size; at += 1) {
      const x = source[at]!;
      if (x !== 0) out[at]! ^= powers[log + logs[x]!]!;
    }
  };
  return () => {
    for (let i = 0; i < m; i += 1) {
      const out = shards[k + i]!.fill(0);
      for (let j = 0; j < k; j += 1) addMultiple(out, shards[j]!, 255 - logs[(k + i) ^ j]!);
    }
  };
}
