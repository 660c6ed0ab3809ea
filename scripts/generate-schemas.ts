/**
 * Writes the JSON Schemas that go with the project: `scenarios/scenario.schema.json`, by which editors check and complete
 * scenarios, and `scenarios/results.schema.json`, which describes `results.json`. Run it after a change to either:
 * `npx tsx scripts/generate-schemas.ts`.
 */
import { writeFileSync } from "node:fs";
import { publishedSchemas } from "../scenarios/language/published-schemas.js";

for (const [file, text] of Object.entries(publishedSchemas())) {
  writeFileSync(new URL(`../scenarios/${file}`, import.meta.url), text);
  console.log(`scenarios/${file}`);
}
