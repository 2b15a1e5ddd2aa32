import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

interface Schema {
  type?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  enum?: string[];
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const contract = parse(read("../../../src/gateway/openapi.yaml")) as { components: { schemas: Record<string, Schema> } };
const interfaces = interfacesOf(read("./types.ts"));

/** Schemas that openapi.yaml writes inside another one, and the name they have here. */
const nested: Record<string, [schema: string, ...path: string[]]> = {
  May: ["Entry", "may"],
  Reference: ["Detail", "references"],
  Analysis: ["Detail", "analysis"],
  Stripe: ["Places", "stripes"],
  Shard: ["Places", "stripes", "shards"],
  Hit: ["SearchAnswer", "hits"],
  Facet: ["SearchAnswer", "facets"],
  GraphNode: ["Graph", "nodes"],
  GraphEdge: ["Graph", "edges"],
  Community: ["Graph", "communities"],
  AnalysisQueue: ["Cluster", "analysis"],
};

describe("types.ts", () => {
  it.each(Object.keys(contract.components.schemas))("%s has the properties of its schema", (name) => {
    expect(interfaces[name]).toEqual(fieldsOf(contract.components.schemas[name]!));
  });

  it.each(Object.entries(nested))("%s has the properties of its inner schema", (name, [outer, ...path]) => {
    let schema = contract.components.schemas[outer]!;
    for (const step of path) {
      const next = own(schema).properties?.[step];
      schema = next?.items ?? next!;
    }
    expect(interfaces[name]).toEqual(fieldsOf(schema));
  });
});

/** Property name → whether it must be there. `allOf` keeps only what the schema adds (`extends` does the rest). */
function fieldsOf(schema: Schema): Record<string, boolean> {
  const { properties = {}, required = [] } = own(schema);
  return Object.fromEntries(Object.keys(properties).sort().map((name) => [name, required.includes(name)]));
}

function own(schema: Schema): Schema {
  return schema.allOf?.find((part) => part.properties) ?? schema;
}

function interfacesOf(source: string): Record<string, Record<string, boolean>> {
  const found: Record<string, Record<string, boolean>> = {};
  ts.createSourceFile("types.ts", source, ts.ScriptTarget.ES2022).forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node)) return;
    const fields = node.members.filter(ts.isPropertySignature).map((member): [string, boolean] => [
      (member.name as ts.Identifier).text,
      member.questionToken === undefined,
    ]);
    found[node.name.text] = Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return found;
}
