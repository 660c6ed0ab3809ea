/** What the schema found wrong, told with paths: zod's issues become messages that say what was found and expected. */
import type { z } from "zod";
import { type JsonSchema, schemaAt } from "./json-schema.js";
import { show } from "./mismatch.js";
import { dotted, type ScenarioPath } from "./scenario-path.js";
import { unknownKey } from "./unknown-key.js";
import type { Mark } from "./yaml-places.js";

export interface Complaint {
  readonly path: ScenarioPath;
  readonly mark: Mark;
  readonly message: string;
}

/**
 * @param document what the schema refused
 * @param root the schema
 */
export function complaints(issues: readonly z.core.$ZodIssue[], document: unknown, root: JsonSchema): Complaint[] {
  const found = issues.flatMap((issue): Complaint[] => {
    const path = issue.path as ScenarioPath;
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: [...path, key], mark: "key", message: unknownKey(path, key, root) }));
    }
    // Fields and cross-checks word their own messages; what is left is a map or a list that is something else.
    const message = issue.code === "custom" ? issue.message : wrongKind(valueAt(document, path), schemaAt(root, path));
    return [{ path, mark: "value", message: `${dotted(path)} ${message}` }];
  });
  // What a map with an unknown key adds up to follows from that key, and goes with it.
  const misnamed = new Set(found.filter(({ mark }) => mark === "key").map(({ path }) => dotted(path.slice(0, -1))));
  return found.filter(({ mark, path }) => mark === "key" || !misnamed.has(dotted(path)));
}

function wrongKind(found: unknown, schema: JsonSchema | undefined): string {
  const keys = Object.keys(schema?.properties ?? {});
  const inside = keys.length > 0 ? ` with ${keys.slice(0, 3).join(", ")}${keys.length > 3 ? " and so on" : ""}` : "";
  return `is ${show(found)}; expected a ${schema?.items ? "list" : "map"}${inside}`;
}

function valueAt(document: unknown, path: ScenarioPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null)?.[step], document);
}
