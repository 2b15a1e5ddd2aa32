/** Small real files made on the spot: PNG, PDF, WAV. */
import * as zlib from "node:zlib";

/** A landscape of `seed`: sky, hills, stars. */
export function png(width, height, seed) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const hill = height * (0.62 + 0.08 * Math.sin(x / 60 + seed) + 0.05 * Math.sin(x / 23 + seed * 2));
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const up = y / height;
      const star = ((x * 7919 + y * 104729 * seed) % 977) === 3 && y < hill - 8;
      const colour = star ? [255, 250, 230] : y < hill ? [20 + up * 120, 40 + up * 110, 90 + up * 90] : [18 + seed, 40 + (1 - up) * 90, 44];
      rows.set(colour.map(Math.round), at);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", zlib.deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), out.length - 4);
  return out;
}

function crc32(data) {
  if (zlib.crc32) return zlib.crc32(data);
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

export function pdf(title) {
  const stream = `BT /F1 20 Tf 60 720 Td (${title}) Tj /F1 11 Tf 0 -40 Td (Made by the mock server of DisGraFS.) Tj ET`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${stream.length}>>stream\n${stream}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let out = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = out.length;
    out += `${at + 1} 0 obj${object}endobj\n`;
    return place;
  });
  const table = out.length;
  out += `xref\n0 6\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`;
  return Buffer.from(`${out}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${table}\n%%EOF`);
}

/** Two seconds of one tone. */
export function wav(hertz) {
  const rate = 8000;
  const data = Buffer.alloc(rate * 4);
  for (let at = 0; at < rate * 2; at += 1) data.writeInt16LE(Math.round(9000 * Math.exp(-at / rate) * Math.sin((2 * Math.PI * hertz * at) / rate)), at * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
