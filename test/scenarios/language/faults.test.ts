/** Faults as they are read: units converted, names made up, and equal meaning with an equal hash. */
import { describe, expect, it } from "vitest";
import { parse, SOUND } from "./scenario-text.js";

const faultsOf = (text: string, overrides: readonly string[] = []) =>
  parse(`${SOUND}faults:\n${text}\n`, overrides).scenario.faults;

describe("a fault", () => {
  it.each<[text: string, told: object, when: object]>([
    ["- crash: { role: lead, count: one }", { crash: { role: "lead", count: "one" } }, {}],
    [
      "- pause: { class: [A, B], count: 5 % }\n  for: 2 s",
      { pause: { class: ["A", "B"], count: { share: 0.05 } } },
      { forMs: 2000 },
    ],
    [
      "- partition: { isolate: { region: westeurope }, oneWay: in }\n  at: 1 min\n  every: 5 s\n  count: 2\n  for: 500 ms",
      { partition: { isolate: { region: "westeurope" }, oneWay: "in" } },
      { atMs: 60_000, everyMs: 5000, count: 2, forMs: 500 },
    ],
    [
      "- clock: { step: -2 s, host: board-1 }\n  rate: 6 / min\n  lasting: { median: 3 s, sigma: 1.2 }\n  anew: true",
      { clock: { step: -2000, host: "board-1" } },
      { ratePerSecond: 0.1, lasting: { medianMs: 3000, sigma: 1.2 }, anew: true },
    ],
    ["- clock: { drift: -50 ppm }", { clock: { drift: -50 } }, {}],
    [
      "- packets: { delay: 50 ms, to: { id: S1-C2-A3 } }\n  for: 3 s\n  flapping: { on: 1 s, off: 500 ms }",
      // The defaults of what it does not use stand beside it.
      { packets: { delay: 50, to: { id: "S1-C2-A3" }, within: 100, queue: 1000 } },
      { forMs: 3000, flapping: { onMs: 1000, offMs: 500 } },
    ],
    [
      "- failures: { mtbf: 3 h, repair: { as: repairs }, burstShare: 10 % }",
      { failures: { of: "machine", mtbf: 10_800_000, repair: { as: "repairs" }, burstShare: 0.1 } },
      {},
    ],
  ])("%s", (text, told, when) => {
    const [fault] = faultsOf(text);
    expect(fault?.told).toEqual(told);
    expect(fault?.when).toEqual({ anew: false, ...when });
    expect(fault?.kind).toBe(Object.keys(told)[0]);
  });

  it("without a name is called by kind and number, among the names that are given", () => {
    const text = "- crash: {}\n- name: crash-2\n  pause: {}\n- crash: {}\n- wrongContext: {}\n- memoryPressure: {}";
    expect(faultsOf(text).map(({ name }) => name)).toEqual([
      "crash-1",
      "crash-2",
      "crash-3",
      "wrong-context-1",
      "memory-pressure-1",
    ]);
  });

  it("can be set on the command line, whole or in part", () => {
    expect(faultsOf("- crash: { sector: 1 }", ["faults[0].crash.sector=[1, 2]", "faults[0].for=3 s"])).toMatchObject([
      { told: { crash: { sector: [1, 2] } }, when: { forMs: 3000 } },
    ]);
    expect(parse(SOUND, ["faults=[{ pause: { role: lead } }]"]).scenario.faults).toHaveLength(1);
  });

  it("changes the scenario's hash by what it means, not by how it is written", () => {
    const hash = (text: string) => parse(`${SOUND}faults:\n${text}\n`).sha256;
    const minute = hash("- crash: { class: A, role: agent }\n  for: 1 min");
    expect(hash("- for: 60 s\n  crash: { role: agent, class: A }")).toBe(minute);
    expect(hash("- crash: { class: A, role: agent }\n  for: 61 s")).not.toBe(minute);
    expect(parse(SOUND).scenario.faults).toEqual([]);
  });
});
