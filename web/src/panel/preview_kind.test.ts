import { describe, expect, it } from "vitest";
import { decodeText, previewKind } from "./preview_kind";

describe("previewKind", () => {
  it.each([
    ["a.md", "text/plain", "markdown"],
    ["a", "text/markdown; charset=utf-8", "markdown"],
    ["a.pdf", "application/pdf", "pdf"],
    ["a.svg", "image/svg+xml", "image"],
    ["a.tiff", "image/tiff", "none"],
    ["a.wav", "audio/x-wav", "audio"],
    ["a.mp4", "video/mp4", "video"],
    ["a.html", "text/html", "text"],
    ["a.geojson", "application/geo+json", "text"],
    ["main.rs", "application/octet-stream", "text"],
    ["a.bin", "application/octet-stream", "none"],
    ["a.zip", "application/zip", "none"],
  ])("%s of type %s is shown as %s", (name, media_type, kind) => {
    expect(previewKind({ kind: "file", name, media_type })).toBe(kind);
  });

  it("shows no folder", () => expect(previewKind({ kind: "folder", name: "a.md" })).toBe("none"));
});

describe("decodeText", () => {
  it("reads UTF-8 that is cut inside of a character", () => {
    expect(decodeText(new TextEncoder().encode("图像").slice(0, 5))).toBe("图");
  });

  it("reads UTF-16 with its mark", () => {
    expect(decodeText(Uint8Array.from([0xff, 0xfe, 0x56, 0x59, 0x31, 0x00]))).toBe("\u59561");
  });

  it("reads old Chinese text files", () => {
    expect(decodeText(Uint8Array.from([0xb1, 0xb1, 0xbe, 0xa9]))).toBe("北京");
  });
});
