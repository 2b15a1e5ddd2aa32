import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { encodePath, operations, urlOf } from "./operations";

type Document = { paths: Record<string, Record<string, { operationId?: string }>> };
const contract = parse(readFileSync(new URL("../../../src/gateway/openapi.yaml", import.meta.url), "utf8")) as Document;

describe("operations", () => {
  it.each(Object.entries(operations))("%s exists in openapi.yaml with this method and path", (name, operation) => {
    const found = contract.paths[operation.path]?.[operation.method.toLowerCase()];
    expect(found, `${operation.method} ${operation.path}`).toBeDefined();
    expect(found?.operationId).toBe(name);
  });

  it("leaves out only what the page has no use for", () => {
    const known = new Set<string>(Object.keys(operations));
    const unused = Object.values(contract.paths)
      .flatMap((path) => Object.values(path).map((operation) => operation.operationId))
      .filter((id) => id !== undefined && !known.has(id));
    expect(unused).toEqual(["openapi"]);
  });
});

describe("urlOf", () => {
  it("encodes each name of a path and keeps the slashes between them", () => {
    expect(urlOf("get_file", { path: "/研究/a b#?%.txt" })).toBe("/api/v1/files/%E7%A0%94%E7%A9%B6/a%20b%23%3F%25.txt");
  });

  it("writes the root as the empty path", () => {
    expect(urlOf("list_folder", { path: "/" })).toBe("/api/v1/folders/");
  });

  it("encodes slashes in parts that are one segment", () => {
    expect(urlOf("judge_tag", { id: "7", tag: "a/b" })).toBe("/api/v1/nodes/7/tags/a%2Fb");
  });

  it("leaves undefined query values out and encodes the others", () => {
    expect(urlOf("list_folder", { path: "" }, { after: "ü&", limit: 5, more: undefined })).toBe(
      "/api/v1/folders/?after=%C3%BC%26&limit=5",
    );
  });

  it("replaces half a surrogate pair instead of throwing", () => {
    expect(encodePath("/a\ud800b/😀")).toBe("a%EF%BF%BDb/%F0%9F%98%80");
  });
});
