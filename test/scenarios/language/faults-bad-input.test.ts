/** What is said about faults that cannot be: place, what was found, what was expected, and the remedy. */
import { describe, expect, it } from "vitest";
import { staged } from "../faults/staged.js";
import { complaintsOf } from "./scenario-text.js";

const AT = "s.yaml:15";
const COUNT = "expected one, minority, majority, all, a whole number of 1 or more, or a share such as 5 %";
const OFFSET = "expected an offset with a unit, such as 2 s or -500 ms";

describe("whom a fault concerns", () => {
  it.each<[name: string, fault: string, expected: string]>([
    [
      "a sector beyond the last",
      "crash: { sector: 3 }",
      `${AT}:20: faults[0].crash.sector is 3; expected a sector from 1 to 2`,
    ],
    [
      "a cluster beyond the last of its sector",
      "crash: { cluster: S1-C4 }",
      `${AT}:21: faults[0].crash.cluster is S1-C4; expected a cluster from S1-C1 to S2-C3`,
    ],
    [
      "a class without agents",
      "crash: { class: B }",
      `${AT}:19: faults[0].crash.class is B, of which this mesh has no agent; expected A, C, E or F`,
    ],
    [
      "a class that does not exist",
      "crash: { class: G }",
      `${AT}:19: faults[0].crash.class is G; expected A, B, C, D, E or F`,
    ],
    [
      "a region that is misspelt",
      "crash: { region: westeurop }",
      `${AT}:20: faults[0].crash.region is westeurop, which is no region of the models; did you mean westeurope?`,
    ],
    [
      "a region where nothing stands, in a list",
      "crash: { region: [eastus, uksouth] }",
      `${AT}:29: faults[0].crash.region[1] is uksouth, where nothing of this mesh stands; expected eastus or westeurope`,
    ],
    [
      "a zone beyond the third",
      "crash: { zone: 4 }",
      `${AT}:18: faults[0].crash.zone is 4; expected a zone of a region: 1, 2 or 3`,
    ],
    [
      "an agent beyond the last of its cluster",
      "crash: { id: S1-C1-A7 }",
      `${AT}:16: faults[0].crash.id is S1-C1-A7; expected an agent from S1-C1-A1 to A6`,
    ],
    [
      "a coordinator beyond the last",
      "crash: { id: S9 }",
      `${AT}:16: faults[0].crash.id is S9; expected a coordinator from S1 to S2`,
    ],
    [
      "what is no name of a node",
      "crash: { id: foo }",
      `${AT}:16: faults[0].crash.id is foo; expected the name of a node, such as orchestrator, S3, S3-C7, S3-C7-A12 or S3-standby`,
    ],
    [
      "a board beyond the last",
      "crash: { host: board-2 }",
      `${AT}:18: faults[0].crash.host is board-2; expected board-1`,
    ],
    [
      "a role that is misspelt",
      "crash: { role: leader }",
      `${AT}:18: faults[0].crash.role is leader; expected orchestrator, coordinator, lead, standby or agent (did you mean lead?)`,
    ],
    [
      "criteria that nobody meets together",
      "crash: { class: A, region: westeurope, role: lead }",
      `${AT}:10: faults[0].crash matches nobody (class alone: 12, region alone: 27, role alone: 6)`,
    ],
    [
      "an empty list",
      "crash: { class: [] }",
      `${AT}:19: faults[0].crash.class is a list; expected one value, or a list of at least one`,
    ],
    [
      "the minority of two",
      "crash: { role: coordinator, count: minority }",
      `${AT}:38: faults[0].crash.count is minority, of 2 nodes, which is nobody; expected three or more to match`,
    ],
    [
      "a share of nobody",
      "crash: { class: A, count: 1 % }",
      `${AT}:29: faults[0].crash.count is 1 %, of 12 nodes, which is nobody; expected a larger share, or a number`,
    ],
    ["more than there are", "crash: { class: A, count: 20 }", `${AT}:29: faults[0].crash.count is 20; 12 nodes match`],
    [
      "a share without its percent",
      "crash: { count: 0.05 }",
      `${AT}:19: faults[0].crash.count is 0.05; ${COUNT} (did you mean 5 %?)`,
    ],
    [
      "boards where there are none",
      "power: { off: board, class: C }",
      `${AT}:10: faults[0].power matches 12 nodes, none of which stands on a board`,
    ],
    [
      "people who lie",
      "byzantine: { how: lie, class: F }",
      `${AT}:33: faults[0].byzantine.class names people (F), who run no code of ours; expected machines, A to E`,
    ],
    [
      "leads that lie",
      "byzantine: { how: lie, role: lead }",
      `${AT}:14: faults[0].byzantine matches nobody (role alone: 0); expected agents of the classes A to E, since people run no code of ours and coordinators are not sabotaged`,
    ],
    [
      "an orchestrator with a slow processor",
      "slow: { times: 2, role: orchestrator }",
      `${AT}:9: faults[0].slow matches nobody (role alone: 0); expected agents, leads, coordinators or standbys, since the orchestrator has no work to be slow at`,
    ],
  ])("%s", (_, fault, expected) => {
    expect(complaintsOf(() => staged(`- ${fault}`))).toEqual([expected]);
  });
});

describe("what it does", () => {
  it.each<[name: string, fault: string, expected: string]>([
    [
      "nothing",
      "at: 3 s",
      `${AT}:3: faults[0] says not what breaks; expected one of partition, packets, crash, pause, slow, memoryPressure, wrongContext, byzantine, clock, power or failures`,
    ],
    [
      "a kind that is misspelt",
      "crsh: {}",
      `${AT}:3: faults[0].crsh is an unknown key (did you mean faults[0].crash?)`,
    ],
    [
      "a kind that is a value",
      "slow: 3",
      `${AT}:9: faults[0].slow is 3; expected a map with times, class, region and so on`,
    ],
    [
      "two kinds at once",
      "crash: {}\n  pause: {}",
      "s.yaml:16:10: faults[0].pause stands beside crash; expected one kind each (an entry of its own breaks both at once)",
    ],
    [
      "a partition of no shape",
      "partition: {}",
      `${AT}:14: faults[0].partition is empty of what it does; expected isolate, split, bridge or ring`,
    ],
    [
      "a partition of two shapes",
      "partition: { isolate: { sector: 1 }, ring: {} }",
      `${AT}:46: faults[0].partition.ring stands beside isolate; expected one of the two`,
    ],
    [
      "sides that share a node",
      "partition: { split: [{ region: eastus }, { sector: 1 }] }",
      `${AT}:44: faults[0].partition.split[1] shares S1 with side [0]; expected sides that have no node in common`,
    ],
    [
      "a single side",
      "partition: { split: [{ region: eastus }] }",
      `${AT}:23: faults[0].partition.split has 1 side; expected two or more (isolate cuts one off)`,
    ],
    [
      "a rest twice",
      "partition: { split: [{ rest: true }, { rest: true }] }",
      `${AT}:40: faults[0].partition.split[1] is the rest a second time; keep one`,
    ],
    [
      "a rest of nobody",
      "partition: { split: [{ role: [orchestrator, coordinator, lead, standby, agent] }, { rest: true }] }",
      `${AT}:85: faults[0].partition.split[1] is nobody, since the other sides name everybody; leave it out`,
    ],
    [
      "everybody isolated",
      "partition: { isolate: {} }",
      `${AT}:25: faults[0].partition.isolate is everybody, who is cut off from nobody; expected a part of the mesh`,
    ],
    [
      "a ring of two",
      "partition: { ring: { role: coordinator } }",
      `${AT}:22: faults[0].partition.ring takes three or more; 2 units are chosen`,
    ],
    [
      "a ring one way",
      "partition: { ring: {}, oneWay: out }",
      `${AT}:34: faults[0].partition.oneWay has no meaning in a ring, in which nobody is first; leave it out`,
    ],
    [
      "a loss of more than all",
      "packets: { loss: 3 }",
      `${AT}:20: faults[0].packets.loss is 3; expected a ratio from 0 to 1 (did you mean 3 %?)`,
    ],
    [
      "bursts that cannot add up to the loss",
      "packets: { burstLoss: { loss: 90 %, burst: 3 } }",
      `${AT}:33: faults[0].packets.burstLoss.loss is 90 %, which bad stretches of 3 messages cannot add up to; expected a longer burst`,
    ],
    [
      "messages held for ever",
      "packets: { hold: true }",
      `${AT}:20: faults[0].packets.hold is never let go; expected for or lasting beside packets`,
    ],
    [
      "messages chosen in two ways",
      "packets: { loss: 1 %, of: {}, from: {} }",
      `${AT}:29: faults[0].packets.of stands beside from, to or between; expected one way to choose messages`,
    ],
    [
      "a clock that is right",
      "clock: {}",
      `${AT}:10: faults[0].clock is empty of what it does; expected step, drift, strobe or unsynchronised`,
    ],
    [
      "a step without a unit",
      "clock: { step: 3 }",
      `${AT}:18: faults[0].clock.step is 3; ${OFFSET} (did you mean 3 s?)`,
    ],
    ["a step of nothing", "clock: { step: 0 s }", `${AT}:18: faults[0].clock.step is 0 s; ${OFFSET}`],
    [
      "a drift without ppm",
      "clock: { drift: 200 }",
      `${AT}:19: faults[0].clock.drift is 200; expected a drift in ppm from -100000 ppm to 100000 ppm, and not 0 (did you mean 200 ppm?)`,
    ],
    [
      "repairs in two ways",
      "failures: { mttr: 1 h, repair: { mean: 1 h } }",
      `${AT}:21: faults[0].failures.mttr stands beside repair; expected one of the two`,
    ],
  ])("%s", (_, fault, expected) => {
    expect(complaintsOf(() => staged(`- ${fault}`))).toEqual([expected]);
  });
});

describe("when it strikes", () => {
  it.each<[name: string, timing: string, expected: string]>([
    [
      "after the end of the run, which is at 100 s",
      "at: 100 s",
      "s.yaml:16:7: faults[0].at is 100 s, when the run is over; expected less than 100 s after the start of warm-up",
    ],
    [
      "again before it is over",
      "every: 5 s\n  for: 6 s",
      "s.yaml:16:10: faults[0].every is 5 s, shorter than each time lasts; expected for, 6 s, or longer",
    ],
    [
      "again though it never ends",
      "every: 5 s",
      "s.yaml:16:10: faults[0].every repeats what never ends; expected for or lasting beside it",
    ],
    [
      "at random though it never ends",
      "rate: 3 / h",
      "s.yaml:16:9: faults[0].rate repeats what never ends; expected for or lasting beside it",
    ],
    [
      "flapping more slowly than it lasts",
      "for: 3 s\n  flapping: { on: 2 s, off: 2 s }",
      "s.yaml:17:13: faults[0].flapping takes 4 s a turn, longer than the spell of 3 s; expected a turn that fits",
    ],
    [
      "a number of times of what does not repeat",
      "count: 3",
      "s.yaml:16:10: faults[0].count counts repetitions; expected every beside it",
    ],
    [
      "for two kinds of time",
      "for: 3 s\n  lasting: { mean: 3 s }",
      "s.yaml:17:12: faults[0].lasting stands beside for; expected one of the two",
    ],
    [
      "for times of two distributions",
      "lasting: { mean: 3 s, as: repairs }",
      "s.yaml:16:12: faults[0].lasting names no single distribution; expected one of as, median (with sigma) or mean",
    ],
    [
      "for half of a lognormal",
      "lasting: { median: 3 s }",
      "s.yaml:16:12: faults[0].lasting has half of a lognormal; expected median and sigma together",
    ],
    [
      "more often than there is room for",
      "for: 0.1 ms\n  every: 0.2 ms",
      "s.yaml:15:3: faults[0] strikes too often: 100000 spells of all faults are the most; expected a lower rate, or a shorter run",
    ],
  ])("%s", (_, timing, expected) => {
    expect(complaintsOf(() => staged(`- crash: {}\n  ${timing}`))).toEqual([expected]);
  });

  it("a wrong context that would last", () => {
    expect(complaintsOf(() => staged("- wrongContext: { class: A }\n  for: 3 s"))).toEqual([
      "s.yaml:16:8: faults[0].for stands beside wrongContext, which is over when it is pushed, until the next sync; leave it out",
    ]);
  });
});

describe("several faults", () => {
  it("of one name", () => {
    expect(complaintsOf(() => staged("- name: a\n  crash: {}\n- name: a\n  crash: {}"))).toEqual([
      "s.yaml:17:9: faults[1].name is a, the name of faults[0]; expected a name of its own",
    ]);
  });

  it("that are all wrong are told together", () => {
    expect(complaintsOf(() => staged("- crash: { sector: 9 }\n- crash: { class: B }"))).toEqual([
      "s.yaml:15:20: faults[0].crash.sector is 9; expected a sector from 1 to 2",
      "s.yaml:16:19: faults[1].crash.class is B, of which this mesh has no agent; expected A, C, E or F",
    ]);
  });

  it("set on the command line point at what was set", () => {
    expect(complaintsOf(() => staged("- crash: { sector: 1 }", ["faults[0].crash.sector=9"]))).toEqual([
      "--set faults[0].crash.sector=9: faults[0].crash.sector is 9; expected a sector from 1 to 2",
    ]);
  });
});
