/** Where in a text every key and every value of a YAML document stands. */
import { isMap, isNode, isSeq, type Node } from "yaml";
import type { ScenarioPath } from "./scenario-path.js";

/** Which end of `key: value` is meant. */
export type Mark = "key" | "value";

export class YamlPlaces {
  /** Offsets by path, as JSON, because keys may contain dots. */
  private readonly offsets = new Map<string, Readonly<Record<Mark, number>>>();
  private readonly start: number;

  constructor(root: Node | null) {
    this.start = startOf(root) ?? 0;
    this.index(root, []);
  }

  /** The offset of what stands at a path; of the key of the nearest thing above it, where there is nothing. */
  offsetOf(path: ScenarioPath, mark: Mark): number {
    const exact = this.offsets.get(JSON.stringify(path));
    if (exact !== undefined) return exact[mark];
    return path.length > 1 ? this.offsetOf(path.slice(0, -1), "key") : this.start;
  }

  private index(node: unknown, path: ScenarioPath): void {
    if (isMap(node)) {
      for (const { key, value } of node.items) this.add([...path, String(key)], startOf(key), value);
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) this.add([...path, index], startOf(item), item);
    }
  }

  private add(path: ScenarioPath, key = this.start, value: unknown): void {
    this.offsets.set(JSON.stringify(path), { key, value: startOf(value) ?? key });
    this.index(value, path);
  }
}

/** Undefined for what is not written out, such as the value of a key with nothing behind it. */
function startOf(node: unknown): number | undefined {
  if (!isNode(node) || !node.range) return undefined;
  const [start, end] = node.range;
  return start === end ? undefined : start;
}
