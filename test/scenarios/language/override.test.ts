import { describe, expect, it } from "vitest";
import { complaintsOf, parse, SOUND } from "./scenario-text.js";

const KEYS =
  "name, description, seed, duration, warmUp, mesh, placement, protocol, network, world, workload, faults, quiet or thresholds";
const WITH_CASCADE = `${SOUND}workload:\n  cascades:\n    - { strategy: wave, every: 10 s }\n`;

describe("an override", () => {
  it.each<[name: string, override: string, path: string, expected: unknown]>([
    ["replaces a value", "duration=5 min", "durationMs", 300_000],
    ["needs no space before a unit", "network.loss=1%", "network.lossRatio", 0.01],
    ["may have spaces around", " network.loss = 0.5 ", "network.lossRatio", 0.5],
    ["reaches into a list", "workload.cascades[0].every=5 s", "workload.cascades.0.everyMs", 5000],
    [
      "adds to a list",
      "workload.cascades[1]={strategy: parallel, every: 7 s}",
      "workload.cascades.1.strategy",
      "parallel",
    ],
    ["replaces a map", "mesh.classes={B: 4, C: 6}", "mesh.classes.A", 0],
    [
      "takes a threshold without quotes",
      "thresholds.coordinationSuccess=>= 90 %",
      "thresholds.coordinationSuccess.value",
      0.9,
    ],
    [
      "takes a threshold with quotes",
      'thresholds.coordinationSuccess=">= 90 %"',
      "thresholds.coordinationSuccess.value",
      0.9,
    ],
    ["sets a protocol option", "protocol.buffer=as-written", "protocol.options.buffer", "as-written"],
  ])("%s", (_, override, path, expected) => {
    const value = path
      .split(".")
      .reduce<unknown>(
        (inner, key) => (inner as Record<string, unknown>)[key],
        parse(WITH_CASCADE, [override]).scenario,
      );
    expect(value).toBe(expected);
  });

  it("takes all that follows `world` for one parameter, dots included", () => {
    expect(parse(SOUND, ["world.network.backbone.lossRatio=0.1"]).scenario.world).toEqual({
      "network.backbone.lossRatio": 0.1,
    });
  });

  it("fills a key that the file leaves empty", () => {
    expect(parse(`${SOUND}network:\n`, ["network.loss=1%"]).scenario.network).toEqual({ lossRatio: 0.01 });
  });

  it("gives way to a later one", () => {
    expect(parse(SOUND, ["seed=2", "seed=3"]).scenario.seed).toBe(3);
  });

  it("gives way to a seed of its own", () => {
    expect(parse(SOUND, ["seed=2"], 7).scenario.seed).toBe(7);
  });

  it("changes the scenario's hash as the same words in the file do", () => {
    const changed = parse(SOUND.replace("10 s", "20 s"));
    expect(parse(SOUND, ["duration=20 s"]).sha256).toBe(changed.sha256);
    expect(parse(SOUND).sha256).not.toBe(changed.sha256);
  });
});

describe("an override that is wrong points at itself", () => {
  it.each<[override: string, expected: string]>([
    ["network.loss=7", "network.loss is 7; expected a ratio from 0 to 1 (did you mean 7 %?)"],
    ["network.los=1%", "network.los is an unknown key (did you mean network.loss?)"],
    ["workload.cascadez=3", "workload.cascadez is an unknown key (did you mean workload.cascades?)"],
    [
      "workload.cascades[0].evry=5 s",
      "workload.cascades[0].evry is an unknown key (did you mean workload.cascades[0].every?)",
    ],
    [
      "workload.cascades[3].every=5 s",
      "workload.cascades[3] is beyond the list; expected [1] to add an entry, or less",
    ],
    ["workload.cascades.every=5 s", "workload.cascades is a list; expected an index such as [0]; found .every"],
    ["workload.cascades[0=5 s", "workload.cascades is a list; expected an index such as [0]; found [0"],
    ["mesh[0]=1", "mesh is a map; expected a key such as .name; found [0]"],
    ["seed.x=1", "seed is a single value; expected = and the value; found .x"],
    [
      "mesh.classes.A=11",
      "mesh.classes add up to 11 agents; expected sectors x clustersPerSector x agentsPerCluster = 1 x 2 x 5 = 10 (remove 1)",
    ],
    ["network={los: 1 %}", "network.los is an unknown key (did you mean network.loss?)"],
    ["network.loss", "network.loss is no override; expected path=value, such as network.loss=1%"],
    ["=3", "=3 is no override; expected path=value, such as network.loss=1%"],
    [" = 3", "= 3 is no override; expected path=value, such as network.loss=1%"],
    ["", "empty is no override; expected path=value, such as network.loss=1%"],
    [".=3", "the scenario is a map; expected a key such as .name; found ."],
    ["name=", "name is empty; expected a name in kebab case, such as mesh-30k"],
    ["network=[1", "this is not YAML: Flow sequence must end with a ]"],
    ["network=*n", "*n is an alias; a scenario has plain values only (write the value out)"],
    ["world.__proto__=1", "world.__proto__ is an unknown key"],
    ["network={__proto__: {loss: 1}}", "__proto__ is no key of a scenario; remove it"],
  ])("%s", (override, expected) => {
    expect(complaintsOf(() => parse(WITH_CASCADE, [override]))).toEqual([`--set ${override}: ${expected}`]);
  });

  it("as does a seed", () => {
    expect(complaintsOf(() => parse(SOUND, [], -1))).toEqual([
      "--seed -1: seed is -1; expected a whole number from 0 to 9007199254740991",
    ]);
  });

  it("beside what is wrong in the file", () => {
    expect(complaintsOf(() => parse(`${SOUND}zebra: 1\n`, ["network.los=1%", "seed=x"]))).toEqual([
      "--set network.los=1%: network.los is an unknown key (did you mean network.loss?)",
      "--set seed=x: seed is x; expected a whole number from 0 to 9007199254740991",
      `s.yaml:9:1: zebra is an unknown key; expected ${KEYS}`,
    ]);
  });

  it("unless it is the file that has no room for it", () => {
    expect(complaintsOf(() => parse(`${SOUND}network: 5\n`, ["network.loss=1%"]))).toEqual([
      "--set network.loss=1%: network is 5 in the file, which has no loss",
      "s.yaml:9:10: network is 5; expected a map with loss, duplication, bus and so on",
    ]);
  });

  it.each([["__proto__.polluted=1"], ["constructor.prototype.polluted=1"], ["mesh.constructor.polluted=1"]])(
    "and never at an object that the scenario does not own: %s",
    (override) => {
      expect(complaintsOf(() => parse(SOUND, [override]))[0]).toMatch(/is an unknown key; expected/);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );
});
