/** Values given on the command line in place of the file's: `--set workload.cascades[0].every=5s`. */
import { type JsonSchema, schemaAt } from "./json-schema.js";
import { show } from "./mismatch.js";
import { ScenarioError } from "./scenario-error.js";
import { dotted, type ScenarioPath } from "./scenario-path.js";
import { unknownKey } from "./unknown-key.js";
import { YamlSource } from "./yaml-source.js";

export interface Override {
  /** As it was given, so that errors can point at it. */
  readonly place: string;
  readonly path: ScenarioPath;
  readonly value: unknown;
}

/**
 * @param given what stands behind `--set`
 * @param schema decides where keys end: in `world.network.backbone.lossRatio`, one key follows `world`
 * @throws ScenarioError where the path names nothing that can be set, or the value cannot be read
 */
export function parseOverride(given: string, schema: JsonSchema): Override {
  const place = `--set ${given}`;
  const [, path, value] = /^\s*([^\s=][^=]*?)\s*=(.*)$/s.exec(given) ?? [];
  if (path === undefined || value === undefined) {
    throw refusal(place, `${show(given)} is no override; expected path=value, such as network.loss=1%`);
  }
  return { place, path: parsePath(path, schema, place), value: parseValue(value, place) };
}

function parsePath(text: string, root: JsonSchema, place: string): ScenarioPath {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== "") {
    const schema = schemaAt(root, path)!;
    const [step, length] = nextStep(rest, schema);
    if (step === undefined) throw refusal(place, `${dotted(path)} ${inside(schema)}; found ${rest}`);
    if (step === "__proto__" || schemaAt(root, [...path, step]) === undefined) {
      throw refusal(place, unknownKey(path, String(step), root));
    }
    path.push(step);
    rest = rest.slice(length);
  }
  return path;
}

/** The first step of `rest`, and how many characters it takes up; undefined where `schema` has nothing inside. */
function nextStep(rest: string, schema: JsonSchema): [step: string | number | undefined, length: number] {
  if (schema.items !== undefined) {
    const [all = "", index] = /^\[(\d+)\]/.exec(rest) ?? [];
    return [index === undefined ? undefined : Number(index), all.length];
  }
  const hasFreeKeys = typeof schema.additionalProperties === "object";
  const [all = "", key] = (hasFreeKeys ? /^\.?(.+)$/s : /^\.?([^.[\]]+)/).exec(rest) ?? [];
  return [schema.type === "object" ? key : undefined, all.length];
}

function inside({ items, type }: JsonSchema): string {
  if (items !== undefined) return "is a list; expected an index such as [0]";
  return type === "object" ? "is a map; expected a key such as .name" : "is a single value; expected = and the value";
}

function parseValue(text: string, place: string): unknown {
  // A threshold needs quotes in a YAML file; on a command line they would need quotes themselves.
  if (/^\s*[<>]=/.test(text)) return text.trim();
  const source = new YamlSource(text, place);
  const [problem] = source.problems;
  if (problem !== undefined) throw refusal(place, problem.message);
  return source.value;
}

/**
 * Puts the override's value into the document, and maps and lists on the way to it where there are none.
 * @returns the document; the file's own root is replaced where it is empty
 * @throws ScenarioError where the file holds something else on the way, or a list is too short
 */
export function applyOverride(document: unknown, { path, value, place }: Override): unknown {
  const holder = { root: document };
  let container: Record<string | number, unknown> = holder;
  let step: string | number = "root";
  for (const [depth, next] of path.entries()) {
    const here = path.slice(0, depth);
    container[step] ??= typeof next === "number" ? [] : {};
    const inside = container[step];
    if (typeof inside !== "object" || inside === null || Array.isArray(inside) !== (typeof next === "number")) {
      throw refusal(place, `${dotted(here)} is ${show(inside)} in the file, which has no ${dotted([next])}`);
    }
    if (Array.isArray(inside) && Number(next) > inside.length) {
      throw refusal(
        place,
        `${dotted([...here, next])} is beyond the list; expected [${inside.length}] to add an entry, or less`,
      );
    }
    container = inside as Record<string | number, unknown>;
    step = next;
  }
  container[step] = value;
  return holder.root;
}

function refusal(place: string, message: string): ScenarioError {
  return new ScenarioError([{ place, message }]);
}
