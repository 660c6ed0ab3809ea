import { describe, expect, it } from "vitest";
import { complaintsOf, parse, SOUND } from "./scenario-text.js";

const about = (more: string) => complaintsOf(() => parse(SOUND + more));

describe("what is not YAML", () => {
  it.each<[name: string, more: string, expected: string]>([
    ["tabs", "network:\n\tloss: 1 %", "s.yaml:10:1: this is not YAML: Tabs are not allowed as indentation"],
    [
      "a bracket left open",
      "network: { loss: 1 %\nworld: {}",
      "s.yaml:10:1: this is not YAML: Flow map in block collection must be sufficiently indented and end with a }",
    ],
    [
      "two colons on a line",
      "network: loss: 1 %",
      "s.yaml:9:10: this is not YAML: Nested mappings are not allowed in compact mappings",
    ],
    [
      "a threshold without its quotes",
      "thresholds:\n  coordinationSuccess: >= 99 % # high\n",
      's.yaml:10:25: a value that begins with > needs quotes in YAML; write ">= 99 %"',
    ],
    [
      "a threshold without its quotes in a map on one line",
      "thresholds: { coordinationSuccess: >= 99 %, conflictRate: ignore }\n",
      's.yaml:9:36: a value that begins with > needs quotes in YAML; write ">= 99 %"',
    ],
  ])("%s", (_, more, expected) => {
    expect(about(more)).toEqual([expected]);
  });

  it.each<[name: string, text: string, found: string]>([
    ["an empty file", "", "empty"],
    ["nothing but comments", "# later\n", "empty"],
    ["a list", "- name: x\n", "a list"],
    ["a sentence", "once upon a time\n", "once upon a time"],
  ])("%s is no scenario", (_, text, found) => {
    expect(complaintsOf(() => parse(text))).toEqual([
      `s.yaml:1:1: the scenario is ${found}; expected a map with name, description, seed and so on`,
    ]);
  });
});

describe("what YAML allows and a scenario does not", () => {
  it.each<[name: string, more: string, expected: string[]]>([
    ["a key twice", "seed: 1\nseed: 2\n", ["s.yaml:10:1: seed stands twice in the same map; keep one of the two"]],
    [
      "a second document",
      "---\nname: other\n",
      ["s.yaml:9:1: a second document begins; a file holds one scenario (give it a file of its own)"],
    ],
    [
      "a tag of somebody's own",
      "world: !!js/function x\n",
      ["s.yaml:9:8: !!js/function is a tag; a scenario has plain values only (remove it)"],
    ],
    [
      "a tag of YAML's",
      "seed: !!int 3\n",
      ["s.yaml:9:13: !!int is a tag; a scenario has plain values only (remove it)"],
    ],
    [
      "an anchor and an alias",
      "network: &n { loss: 1 % }\nworld: *n\n",
      [
        "s.yaml:9:13: &n is an anchor; a scenario has plain values only (remove it)",
        "s.yaml:10:8: *n is an alias; a scenario has plain values only (write the value out)",
      ],
    ],
    [
      "a list that contains itself",
      "world: &w\n  - *w\n",
      ["s.yaml:10:3: &w is an anchor; a scenario has plain values only (remove it)"],
    ],
    [
      "a merge key",
      "network: { <<: { loss: 1 % } }\n",
      ["s.yaml:9:12: network.<< is an unknown key; expected loss, duplication, bus, pubsub or atLeastOnce"],
    ],
    [
      "a key that is a list",
      "? [a]\n: 1\n",
      ["s.yaml:9:3: this is not YAML: With stringKeys, all keys must be strings"],
    ],
  ])("%s", (_, more, expected) => {
    expect(about(more)).toEqual(expected);
  });

  it("other meanings of plain words under YAML 1.1", () => {
    const { description } = parse(`%YAML 1.1\n---\n${SOUND.replace("the least that a scenario needs", "no")}`).scenario;
    expect(description).toBe("no");
  });
});

describe("files made to do harm", () => {
  it("a bomb of aliases is refused before it is expanded", () => {
    const lines = Array.from(
      { length: 30 },
      (_, i) => `a${i + 1}: &a${i + 1} [${"*a0, ".replaceAll("0", String(i)).repeat(9)}]`,
    );
    const complaints = complaintsOf(() => parse(["a0: &a0 boom", ...lines].join("\n")));
    expect(complaints[0]).toBe("s.yaml:1:9: &a0 is an anchor; a scenario has plain values only (remove it)");
  });

  it("endless nesting is refused without exhausting the stack", () => {
    const [complaint] = about(`world: ${"[".repeat(100_000)}`);
    expect(complaint).toMatch(
      /^s\.yaml:9:\d+: maps or lists are nested too deeply; a scenario has five levels at most$/,
    );
  });

  it("endless lists are refused", () => {
    expect(about(`workload: { cascades: [${"1,".repeat(200_000)}] }`)).toEqual([
      "s.yaml:9:23: 200000 entries stand here; expected 10000 at most",
    ]);
  });

  // Comparing every key with every other would take longer than the test may.
  it("a megabyte of keys is refused in moments", { timeout: 20_000 }, () => {
    expect(about(Array.from({ length: 80_000 }, (_, i) => `k${i}: 1\n`).join(""))).toEqual([
      "s.yaml:1:1: 80004 entries stand here; expected 10000 at most",
    ]);
  });

  it.each([
    ["at the root", "__proto__: { polluted: 1 }\n", 9, 1],
    ["in a map with free keys", "world: { __proto__: 1 }\n", 9, 10],
    ["in a map with fixed keys", "network:\n  __proto__: { loss: 1 }\n", 10, 3],
  ])("__proto__ %s is refused and changes no object", (_, more, line, column) => {
    expect(about(more)).toEqual([`s.yaml:${line}:${column}: __proto__ is no key of a scenario; remove it`]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([["constructor"], ["toString"], ["hasOwnProperty"]])("%s is a key like any other", (name) => {
    expect(about(`${name}: 1\n`)[0]).toContain(`s.yaml:9:1: ${name} is an unknown key`);
    expect(Object.entries(parse(`${SOUND}world: { ${name}: 1 }\n`).scenario.world)).toEqual([[name, 1]]);
  });
});
