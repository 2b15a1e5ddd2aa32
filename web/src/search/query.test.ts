import { describe, expect, it } from "vitest";
import { filtersOf, tagBeingTyped, tokensOf, withTag, without, withTypedTag } from "./query";

describe("search text", () => {
  it("falls into words, phrases and filters", () => {
    expect(tokensOf('reed "finite field" tag:"error correction" in:/研究 type:pdf')).toEqual([
      "reed", '"finite field"', 'tag:"error correction"', "in:/研究", "type:pdf",
    ]);
    expect(filtersOf('a tag:b in:/c type: tag:"d e"')).toEqual(["tag:b", "in:/c", 'tag:"d e"']);
  });

  it("takes a tag once, and lets it go", () => {
    expect(withTag("reed", "finite field")).toBe('reed tag:"finite field"');
    expect(withTag("reed tag:x", "x")).toBe("reed tag:x");
    expect(without('reed tag:"finite field" b', 'tag:"finite field"')).toBe("reed b");
  });

  it("knows the tag that is being typed and completes it", () => {
    expect(tagBeingTyped("reed tag:fi")).toBe("fi");
    expect(tagBeingTyped('tag:"finite fi')).toBe("finite fi");
    expect(tagBeingTyped("tag:")).toBe("");
    expect(tagBeingTyped("tag:x ")).toBeUndefined();
    expect(tagBeingTyped("vintage:x")).toBeUndefined();
    expect(withTypedTag("reed tag:fi", "finite field")).toBe('reed tag:"finite field" ');
    expect(withTypedTag("tag:量", "量子")).toBe("tag:量子 ");
  });
});
