/** The scenario's JSON Schema: what editors check and complete by, and where names of keys are looked up. */
import { z } from "zod";
import type { ScenarioPath } from "./scenario-path.js";
import { scenarioSchema } from "./schema.js";

/** As much of a JSON Schema as a scenario's uses. */
export interface JsonSchema {
  readonly type?: string;
  /** What a map with fixed keys holds. */
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** What a map with free keys holds; false where the keys are fixed. */
  readonly additionalProperties?: JsonSchema | false;
  /** What a list holds. */
  readonly items?: JsonSchema;
}

/** For what is written in a file, before defaults are filled in and units converted. */
export function scenarioJsonSchema(): JsonSchema {
  return z.toJSONSchema(scenarioSchema, { io: "input" }) as JsonSchema;
}

/** The schema of what stands at a path; undefined where nothing may stand. */
export function schemaAt(root: JsonSchema, path: ScenarioPath): JsonSchema | undefined {
  let schema: JsonSchema | undefined = root;
  for (const step of path) {
    if (schema === undefined) return undefined;
    schema = typeof step === "number" ? schema.items : child(schema, step);
  }
  return schema;
}

function child({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return additionalProperties === false ? undefined : additionalProperties;
}
