import { describe, expect, it } from "vitest";
import { complaintsOf, parse, SOUND } from "./scenario-text.js";

const KEYS =
  "name, description, seed, duration, warmUp, mesh, placement, protocol, network, world, workload, faults, quiet or thresholds";
const DURATION = "expected a duration with a unit: us, ms, s, min or h";
const CLASSES = "expected sectors x clustersPerSector x agentsPerCluster = 1 x 2 x 5 = 10";
const CASCADE = "starts at no measured time; expected a start from 60 s to 70 s after the start of warm-up";
const PARAMETER = "expected a number (the parameter's path is one dotted key, such as a.b: 1)";

/** What is said about the sound scenario with more behind it, which begins on line 9. */
const about = (more: string) => complaintsOf(() => parse(SOUND + more));
const aboutInstead = (old: string, changed: string) => complaintsOf(() => parse(SOUND.replace(old, changed)));

describe("keys", () => {
  it.each<[name: string, more: string, expected: string[]]>([
    ["misspelt", "netwrk: {}", ["s.yaml:9:1: netwrk is an unknown key (did you mean network?)"]],
    [
      "misspelt inside",
      "network:\n  los: 1 %",
      ["s.yaml:10:3: network.los is an unknown key (did you mean network.loss?)"],
    ],
    [
      "without a space after its colon",
      "network: {loss:1%}",
      ["s.yaml:9:11: network.loss:1% is an unknown key (YAML wants a space after the colon: loss: 1%)"],
    ],
    ["nothing like any", "zebra: 1", [`s.yaml:9:1: zebra is an unknown key; expected ${KEYS}`]],
    ["that belong elsewhere", "loss: 1 %", ["s.yaml:9:1: loss is an unknown key (did you mean network.loss?)"]],
    [
      "that belong a level deeper",
      "protocol:\n  batch: 1 ms",
      ["s.yaml:10:3: protocol.batch is an unknown key (did you mean protocol.parameters.batch?)"],
    ],
    [
      "of a KPI",
      "thresholds:\n  cascadeLatency: ignore",
      ["s.yaml:10:3: thresholds.cascadeLatency is an unknown key (did you mean thresholds.cascadeLatencyP95?)"],
    ],
    ["that steer a terminal", '"\\e[31m": 1', [`s.yaml:9:1: ?[31m is an unknown key; expected ${KEYS}`]],
  ])("%s", (_, more, expected) => {
    expect(about(more)).toEqual(expected);
  });

  it("that are missing are asked for where they should stand", () => {
    expect(aboutInstead("  sectors: 1\n", "")).toEqual([
      "s.yaml:4:1: mesh.sectors is missing; expected a whole number from 1 to 1000000",
    ]);
    expect(aboutInstead("name: sound\n", "")).toEqual([
      "s.yaml:1:1: name is missing; expected a name in kebab case, such as mesh-30k",
    ]);
  });
});

describe("values", () => {
  it.each<[name: string, more: string, expected: string]>([
    [
      "a ratio without its percent",
      "network:\n  loss: 1.5",
      "s.yaml:10:9: network.loss is 1.5; expected a ratio from 0 to 1 (did you mean 1.5 %?)",
    ],
    ["a duration without a unit", "warmUp: 60", `s.yaml:9:9: warmUp is 60; ${DURATION} (did you mean 60 s?)`],
    ["a duration below zero", "warmUp: -1 s", "s.yaml:9:9: warmUp is -1 s; expected a duration of 0 s or more"],
    [
      "a rate without a unit",
      "workload:\n  intraCluster: 10",
      "s.yaml:10:17: workload.intraCluster is 10; expected a rate with a unit: / s, / min or / h (did you mean 10 / s?)",
    ],
    [
      "a choice that is misspelt",
      "protocol: { preset: as-writen }",
      "s.yaml:9:21: protocol.preset is as-writen; expected as-written or repaired (did you mean as-written?)",
    ],
    [
      "a choice that is something else",
      "protocol: { preset: 1 }",
      "s.yaml:9:21: protocol.preset is 1; expected as-written or repaired",
    ],
    ["a fraction", "seed: 1.5", "s.yaml:9:7: seed is 1.5; expected a whole number from 0 to 9007199254740991"],
    [
      "a map that is a value",
      "workload: 5",
      "s.yaml:9:11: workload is 5; expected a map with intraCluster, interCluster, meshWide and so on",
    ],
    [
      "a map that is empty",
      "network:\n",
      "s.yaml:9:1: network is empty; expected a map with loss, duplication, bus and so on",
    ],
    ["a list that is a map", "workload:\n  cascades: {}", "s.yaml:10:13: workload.cascades is a map; expected a list"],
    [
      "an item of a list that is a value",
      "workload:\n  cascades:\n    - wave",
      "s.yaml:11:7: workload.cascades[0] is wave; expected a map with strategy, every, first and so on",
    ],
    [
      "a priority that does not exist",
      "workload:\n  cascades:\n    - { strategy: wave, every: 1 s, priority: 4 }",
      "s.yaml:11:47: workload.cascades[0].priority is 4; expected a whole number from 0 to 3",
    ],
    ["a parameter that is no number", "world: { a.b: fast }", `s.yaml:9:15: world.a.b is fast; ${PARAMETER}`],
    ["a parameter in nested maps", "world:\n  a:\n    b: 1", `s.yaml:11:5: world.a is a map; ${PARAMETER}`],
    [
      "a weight below zero",
      "placement: { sectors: { eastus: -1 } }",
      "s.yaml:9:33: placement.sectors.eastus is -1; expected a weight of 0 or more",
    ],
    [
      "a long value",
      `placement: { orchestrator: ${"X".repeat(100)} }`,
      `s.yaml:9:28: placement.orchestrator is ${"X".repeat(60)}...; expected the id of a region, such as eastus`,
    ],
  ])("%s", (_, more, expected) => {
    expect(about(more)).toEqual([expected]);
  });

  it.each<[name: string, duration: string, expected: string]>([
    ["zero", "0 s", "is 0 s; expected a duration greater than 0 (1 us at least)"],
    ["negative", "-10 s", "is -10 s; expected a duration greater than 0 (1 us at least)"],
    ["without a unit", "10", `is 10; ${DURATION} (did you mean 10 s?)`],
    ["nothing", "", `is empty; ${DURATION}`],
  ])("a measured time that is %s", (_, duration, expected) => {
    const column = duration === "" ? 1 : 11;
    expect(aboutInstead("duration: 10 s", `duration: ${duration}`)).toEqual([
      `s.yaml:3:${column}: duration ${expected}`,
    ]);
  });

  it("a name that is not in kebab case", () => {
    expect(aboutInstead("name: sound", "name: Sound One")).toEqual([
      "s.yaml:1:7: name is Sound One; expected a name in kebab case, such as mesh-30k",
    ]);
  });
});

describe("values that do not go together", () => {
  it.each<[name: string, classes: string, expected: string]>([
    ["too few agents", "{ A: 9 }", `s.yaml:8:12: mesh.classes add up to 9 agents; ${CLASSES} (add 1)`],
    ["too many agents", "{ A: 9, B: 3 }", `s.yaml:8:12: mesh.classes add up to 12 agents; ${CLASSES} (remove 2)`],
    [
      "a class that there is not",
      "{ A: 10, G: 1 }",
      "s.yaml:8:21: mesh.classes.G is an unknown key; expected A, B, C, D, E or F",
    ],
    [
      "a class that there is not, whose agents are missing elsewhere",
      "{ A: 5, G: 5 }",
      "s.yaml:8:20: mesh.classes.G is an unknown key; expected A, B, C, D, E or F",
    ],
    ["no agents", "{}", `s.yaml:8:12: mesh.classes add up to 0 agents; ${CLASSES} (add 10)`],
    [
      "less than no agents",
      "{ A: 11, B: -1 }",
      "s.yaml:8:24: mesh.classes.B is -1; expected a whole number from 0 to 1000000",
    ],
    [
      "more classes than clusters",
      "{ A: 5, B: 4, F: 1 }",
      "s.yaml:8:12: mesh.classes name 3 classes with agents; expected at most 2, one for each cluster, because a cluster holds one class (add clusters or leave classes out)",
    ],
  ])("%s", (_, classes, expected) => {
    expect(aboutInstead("{ A: 10 }", classes)).toEqual([expected]);
  });

  it.each<[name: string, cascade: string]>([
    ["all in warm-up", "{ strategy: wave, every: 10 s, count: 6 }"],
    ["all after the end", "{ strategy: wave, every: 10 s, first: 70 s }"],
    ["none between two", "{ strategy: wave, every: 60 s, first: 50 s }"],
  ])("a cascade that is never measured: %s", (_, cascade) => {
    expect(about(`workload:\n  cascades:\n    - ${cascade}`)).toEqual([
      `s.yaml:11:7: workload.cascades[0] ${CASCADE} (change first, every or count)`,
    ]);
  });

  it("a cascade whose window does not close before the end", () => {
    expect(about("workload:\n  cascades:\n    - { strategy: wave, every: 10 s, first: 65 s, window: 5 s }")).toEqual([
      "s.yaml:11:7: workload.cascades[0] has no window that closes before the run ends: from 65 s on, 5 s go beyond 70 s (a shorter window, an earlier first or a longer duration)",
    ]);
  });

  it.each<[name: string, cascade: string]>([
    ["the last of a count is measured", "{ strategy: wave, every: 10 s, count: 7 }"],
    ["it starts as measuring does", "{ strategy: wave, every: 1 h, first: 60 s }"],
    ["its window closes just before the end", "{ strategy: wave, every: 1 h, first: 69499 ms }"],
  ])("a cascade that is measured once will do: %s", (_, cascade) => {
    expect(parse(`${SOUND}workload:\n  cascades:\n    - ${cascade}`).scenario.workload.cascades).toHaveLength(1);
  });
});

describe("several problems", () => {
  it("are told together, in the order of the file", () => {
    const text = `${SOUND.replace("duration: 10 s", "duration: 10")}zebra: 1\nworkload:\n  cascades:\n    - { evry: 5 s, strategy: waves }\nnetwork: { loss: 2 }\n`;
    expect(complaintsOf(() => parse(text))).toEqual([
      `s.yaml:3:11: duration is 10; ${DURATION} (did you mean 10 s?)`,
      `s.yaml:9:1: zebra is an unknown key; expected ${KEYS}`,
      `s.yaml:12:7: workload.cascades[0].every is missing; ${DURATION}`,
      "s.yaml:12:9: workload.cascades[0].evry is an unknown key (did you mean workload.cascades[0].every?)",
      "s.yaml:12:30: workload.cascades[0].strategy is waves; expected wave, parallel or priority_first (did you mean wave?)",
      "s.yaml:13:18: network.loss is 2; expected a ratio from 0 to 1 (did you mean 2 %?)",
    ]);
  });

  it("beyond twenty are counted", () => {
    const lines = about(Array.from({ length: 25 }, (_, index) => `zebra${index}: 1\n`).join(""));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("... and 5 more");
  });
});
