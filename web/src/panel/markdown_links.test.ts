import { describe, expect, it } from "vitest";
import { drivePathOf, safeLink, unescaped } from "./markdown_links";

describe("links in Markdown", () => {
  it.each(["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "/x", "#a"])(
    "%s is no link",
    (href) => expect(safeLink(href)).toBeUndefined(),
  );

  it.each(["https://example.org/a", "HTTP://example.org", "mailto:a@example.org"])("%s is one", (href) =>
    expect(safeLink(href)).toBe(href),
  );

  it.each([
    ["pic.png", "/notes", "/notes/pic.png"],
    ["./img/%E5%9B%BE.png", "/notes", "/notes/img/图.png"],
    ["../a.png?x#y", "/notes/deep", "/notes/a.png"],
    ["/top.png", "/notes", "/top.png"],
    ["../../../etc/passwd", "/notes", "/etc/passwd"],
    ["https://example.org/a.png", "/notes", undefined],
    ["//example.org/a.png", "/notes", undefined],
    ["data:image/png;base64,AA", "/notes", undefined],
    ["", "/", undefined],
  ])("%s seen from %s is the drive's %s", (href, folder, path) => expect(drivePathOf(href, folder)).toBe(path));

  it("reads entities as signs, never as tags", () => {
    expect(unescaped("&lt;b&gt; &amp; &unknown;")).toBe("<b> & &unknown;");
  });
});
