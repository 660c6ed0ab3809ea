/** What is said about a key that nothing is known about. */
import { type JsonSchema, schemaAt } from "./json-schema.js";
import { alternatives } from "./mismatch.js";
import { nearest } from "./nearest.js";
import { dotted, type ScenarioPath } from "./scenario-path.js";

/**
 * The whole message. It suggests the nearest key of the same map, or the place elsewhere where the key belongs, or names
 * the keys that there are.
 * @param parent where the key stands
 * @param root schema of the whole scenario
 */
export function unknownKey(parent: ScenarioPath, key: string, root: JsonSchema): string {
  const found = `${dotted([...parent, key])} is an unknown key`;
  const known = Object.keys(schemaAt(root, parent)?.properties ?? {});
  const [name, value] = key.split(":", 2);
  if (value !== undefined && known.includes(name!))
    return `${found} (YAML wants a space after the colon: ${name}: ${value})`;
  const similar = nearest(key, known);
  const meant = similar === undefined ? placeOf(key, root) : [...parent, similar];
  if (meant !== undefined) return `${found} (did you mean ${dotted(meant)}?)`;
  return known.length === 0 ? found : `${found}; expected ${alternatives(known)}`;
}

/** Where in the maps of the schema a key stands, the highest place first; lists are not looked into. */
function placeOf(key: string, root: JsonSchema): ScenarioPath | undefined {
  const open: { path: ScenarioPath; schema: JsonSchema }[] = [{ path: [], schema: root }];
  for (const { path, schema } of open) {
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      if (name === key) return [...path, name];
      open.push({ path: [...path, name], schema: inner });
    }
  }
  return undefined;
}
