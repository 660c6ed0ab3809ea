import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROTOCOL_OPTIONS } from "../../../protocol/mesh-30k/options.js";
import { KPI_IDS } from "../../../scenarios/kpis.js";
import { type JsonSchema, scenarioJsonSchema, schemaAt } from "../../../scenarios/language/json-schema.js";
import { publishedSchemas } from "../../../scenarios/language/published-schemas.js";
import { parse, SOUND } from "./scenario-text.js";

it.each(Object.entries(publishedSchemas()))(
  "scenarios/%s is current (npx tsx scripts/generate-schemas.ts)",
  (file, text) => {
    expect(readFileSync(new URL(`../../../scenarios/${file}`, import.meta.url), "utf8")).toBe(text);
  },
);

describe("what an editor learns from the scenario's JSON Schema", () => {
  const root = scenarioJsonSchema();

  it("is what each field means", () => {
    expect(undescribed(root, "scenario")).toEqual([]);
  });

  it.each<[name: string, path: (string | number)[], keys: readonly string[]]>([
    ["every option of the protocol", ["protocol"], ["preset", ...Object.keys(PROTOCOL_OPTIONS), "parameters"]],
    ["every KPI", ["thresholds"], KPI_IDS],
    [
      "the fields of a cascade",
      ["workload", "cascades", 0],
      ["strategy", "every", "first", "count", "window", "payloadWeight", "verb", "priority"],
    ],
  ])("is which keys there are: %s", (_, path, keys) => {
    expect(Object.keys(schemaAt(root, path)!.properties!)).toEqual(keys);
  });

  it.each<[path: string[], template: (value: string) => string]>([
    [["warmUp"], (value) => `warmUp: ${value}`],
    [["workload", "intraCluster"], (value) => `workload: { intraCluster: ${value} }`],
    [["thresholds", "recoveryTime"], (value) => `thresholds: { recoveryTime: "${value}" }`],
  ])("is a form that the loader then takes: %s", (path, template) => {
    const { pattern } = schemaAt(root, path) as { pattern: string };
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(pattern)), (value) => {
        fc.pre(value.length < 12);
        expect(() => parse(`${SOUND}${template(value)}\n`)).not.toThrow(/with a unit|and a duration,/);
      }),
      { numRuns: 300 },
    );
  });

  it("is that no other key is known", () => {
    expect(schemaAt(root, ["network", "los"])).toBeUndefined();
    expect(schemaAt(root, ["network"])!.additionalProperties).toBe(false);
  });
});

/** Paths of the fields without a description. */
function undescribed(schema: JsonSchema & { description?: string }, path: string): string[] {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
    undescribed(inner, `${path}.${key}`),
  );
  const items = schema.items ? Object.entries(schema.items.properties ?? {}) : [];
  const listed = items.flatMap(([key, inner]) => undescribed(inner, `${path}[].${key}`));
  return [...(schema.description ? [] : [path]), ...inside, ...listed];
}
