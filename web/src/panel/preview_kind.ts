/** How a file can be shown in the page, by its media type and name; the bytes are never trusted to be what they say. */
import type { Entry } from "../api/types";

export type PreviewKind = "image" | "text" | "markdown" | "pdf" | "audio" | "video" | "none";

const images = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon)$/;
const texts = /^(application\/(json|xml|javascript|x-sh|x-shellscript|toml|yaml|x-yaml|sql|x-httpd-php|typescript)|message\/)|\+(json|xml)$/;
const text_endings = /\.(txt|log|csv|tsv|ini|conf|cfg|env|c|cc|cpp|h|hpp|cs|css|go|html?|java|js|json|jsx|kt|lua|php|pl|py|r|rb|rs|sh|sql|srt|swift|tex|toml|ts|tsx|vue|xml|ya?ml|zig|cmake|gradle|proto)$/i;

export function previewKind(entry: Pick<Entry, "kind" | "name" | "media_type">): PreviewKind {
  if (entry.kind !== "file") return "none";
  const type = (entry.media_type ?? "").split(";")[0]!.trim().toLowerCase();
  if (type === "text/markdown" || /\.(md|markdown)$/i.test(entry.name)) return "markdown";
  if (type === "application/pdf") return "pdf";
  if (images.test(type)) return "image";
  if (type.startsWith("audio/")) return "audio";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("text/") || texts.test(type)) return "text";
  const is_unknown = type === "" || type === "application/octet-stream";
  return is_unknown && text_endings.test(entry.name) ? "text" : "none";
}

/** Text in the encodings that people have: UTF-8, UTF-16 with its mark, else GB 18030 (old Chinese files). */
export function decodeText(data: Uint8Array): string {
  if (data[0] === 0xff && data[1] === 0xfe) return new TextDecoder("utf-16le").decode(data);
  if (data[0] === 0xfe && data[1] === 0xff) return new TextDecoder("utf-16be").decode(data);
  try {
    // stream: the last character may be cut off, since only the beginning of a file is read.
    return new TextDecoder("utf-8", { fatal: true }).decode(data, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(data);
  }
}
