/** The name of a scenario by its content: equal for equal meaning, however it is written. */
import { createHash } from "node:crypto";
import type { Scenario } from "./schema.js";

/**
 * SHA-256, in hex, of the effective scenario: defaults filled in, overrides applied, units converted, keys in order.
 * Neither the order of keys nor comments, nor `1 s` for `1000 ms` change it.
 */
export function scenarioHash(scenario: Scenario): string {
  return createHash("sha256").update(canonical(scenario)).digest("hex");
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner) ? sorted(inner) : inner,
  );
}

/** Compared by code unit, which no locale changes. */
function sorted(map: object): object {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
