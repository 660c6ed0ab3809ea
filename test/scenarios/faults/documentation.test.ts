/** Every example in docs/faults.md and in the README's section on faults is a scenario that can be staged. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FAULT_KINDS } from "../../../scenarios/language/fault-kinds.js";
import { parseScenario } from "../../../scenarios/language/load.js";
import { Stage } from "../../../scenarios/stage.js";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** The blocks of YAML of a page that declare faults. */
function examples(path: string): string[] {
  return [...read(path).matchAll(/```yaml\n(faults:\n[\s\S]*?)```/g)].map((match) => match[1]!);
}

/** The mesh of 100 agents that readers start from. */
const MESH = read("scenarios/mesh-100.yaml");

const staged = (faults: string) => new Stage(parseScenario(MESH + faults, "example.yaml")).stagedFaults;

describe("docs/faults.md", () => {
  const pages = [...examples("docs/faults.md"), ...examples("README.md")];

  it.each(pages.map((page) => [page.split("\n").slice(1, 3).join(" ").trim(), page]))("%s", (_, page) => {
    const { faults, plan, pushes } = staged(page);
    for (const [index, { spells }] of faults.entries()) {
      expect(spells.length).toBeGreaterThan(0);
      const entries = [...plan.links, ...plan.nodes, ...plan.clocks, ...pushes].filter(({ fault }) => fault === index);
      expect(entries.length).toBeGreaterThan(0);
    }
  });

  it("has an example of every kind", () => {
    const kinds = pages.flatMap((page) => staged(page).faults.map(({ kind }) => kind));
    expect(FAULT_KINDS.filter((kind) => !kinds.includes(kind))).toEqual([]);
  });
});
