/** The JSON Schemas that are published with the project, as files. */
import { z } from "zod";
import { resultsSchema } from "../results.js";
import { scenarioJsonSchema } from "./json-schema.js";

/** Text by file name, both in `scenarios/`. */
export function publishedSchemas(): Record<"scenario.schema.json" | "results.schema.json", string> {
  return {
    "scenario.schema.json": asFile({ title: "Rehearsal scenario", ...scenarioJsonSchema() }),
    "results.schema.json": asFile({ title: "Rehearsal results", ...z.toJSONSchema(resultsSchema) }),
  };
}

function asFile(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
