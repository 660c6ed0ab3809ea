/** What YAML allows and a scenario does not: tags, anchors, aliases, a key twice, `__proto__`, endless lists. */
import { type Document, isAlias, isCollection, isMap, isScalar, type Node, visit, type YAMLMap } from "yaml";

interface Refusal {
  /** Where in the text. */
  readonly offset: number;
  readonly message: string;
}

const PLAIN_ONLY = "a scenario has plain values only";

/** Far beyond any scenario that somebody wrote, and far below what would exhaust memory or the stack. */
const MOST_ENTRIES = 10_000;

export function refusals(document: Document): Refusal[] {
  const found: Refusal[] = [];
  const refuse = (node: Node, message: string) => {
    found.push({ offset: node.range?.[0] ?? 0, message });
  };
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) return refuse(node, `*${node.source} is an alias; ${PLAIN_ONLY} (write the value out)`);
      if (node.anchor !== undefined) refuse(node, `&${node.anchor} is an anchor; ${PLAIN_ONLY} (remove it)`);
      if (node.tag !== undefined) refuse(node, `${shortened(node.tag)} is a tag; ${PLAIN_ONLY} (remove it)`);
      if (isMap(node)) checkKeys(node, refuse);
      if (isCollection(node) && node.items.length > MOST_ENTRIES) {
        refuse(node, `${node.items.length} entries stand here; expected ${MOST_ENTRIES} at most`);
      }
    },
  });
  return found;
}

function checkKeys(map: YAMLMap, refuse: (node: Node, message: string) => void): void {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    if (key.value === "__proto__") refuse(key, "__proto__ is no key of a scenario; remove it");
    if (seen.has(key.value)) refuse(key, `${key.value} stands twice in the same map; keep one of the two`);
    seen.add(key.value);
  }
}

function shortened(tag: string): string {
  return tag.replace("tag:yaml.org,2002:", "!!");
}
