/** Recovery times, split into detection and repair, by hand-worked sequences of what happens to a mesh of two clusters of five. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AgentWatch } from "../../../protocol/mesh-30k/resilience/agent-watch.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { RecoveryBooks } from "../../../scenarios/measure/recovery/recovery-books.js";
import { RecoveryMeter } from "../../../scenarios/measure/recovery/recovery-meter.js";
import { type Strike, strikesOf } from "../../../scenarios/measure/recovery/strikes.js";
import { Calendar } from "../../../scenarios/quiet/calendar.js";
import { Stage } from "../../../scenarios/stage.js";
import { load, results } from "../small-mesh.js";

const S = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const topology = new Topology({
  sectors: 1,
  clustersPerSector: 2,
  agents: { A: 10, B: 0, C: 0, D: 0, E: 0, F: 0 },
});
const AGENT = topology.firstAgent;
const LEAD = topology.clusterOf(AGENT).lead;

/** A meter that measures from 10 s on, and whom it may call inactive. */
function meterOf(strikes: readonly Strike[]) {
  const inactive = new Set<number>();
  const meter = new RecoveryMeter(topology, strikes, (agent) => !inactive.has(agent), 10 * S);
  return { meter, inactive };
}

const crash = (fromS: number, untilS = NEVER): Strike => {
  return { failure: "AGENT_CRASH", fromUs: fromS * S, untilUs: untilS * S, agents: [AGENT] };
};

describe("the recovery of an agent", () => {
  it("is detected when its lead says so, and over when it runs and is held for active and for well", () => {
    const { meter, inactive } = meterOf([crash(20)]);
    meter.look(20 * S);
    inactive.add(AGENT);
    meter.onDetected(26 * S, AGENT, "TRANSIENT_NETWORK", LEAD);
    meter.onDetected(50 * S, AGENT, "AGENT_CRASH", LEAD);
    inactive.delete(AGENT);
    meter.look(55 * S); // the lead has not heard of it yet
    meter.onRecovered(57 * S, AGENT, "AGENT_CRASH");
    expect(meter.results(60 * S)).toMatchObject({
      byClass: [{ class: "AGENT_CRASH", scope: "agent", count: 1, undetected: 0, unrepaired: 0, slowestS: 37 }],
      list: [{ class: "AGENT_CRASH", where: "S1-C1-A1", startedS: 20, detectedS: 26, restoredS: 57 }],
    });
  });

  it("is not over while what struck it goes on, though nobody notices anything", () => {
    const slow: Strike = { failure: "IMPEDANCE_SPIKE", fromUs: 20 * S, untilUs: 90 * S, agents: [AGENT] };
    const { meter } = meterOf([slow]);
    for (const second of [20, 50, 89, 90]) meter.look(second * S);
    const [row] = meter.results(95 * S).byClass;
    expect(row).toMatchObject({ count: 1, undetected: 1, unrepaired: 0, slowestS: 70 });
  });

  it("of a wrong context lasts until it is READY for what was sent since, and its lead holds it for well", () => {
    const push: Strike = { failure: "CONTEXT_CORRUPTION", fromUs: 20 * S, untilUs: NEVER, agents: [AGENT] };
    const { meter } = meterOf([push]);
    meter.look(20 * S);
    meter.onReady(20.1 * S, AGENT, 19.9 * S);
    for (const second of [21, 22, 30]) meter.look(second * S);
    meter.onDetected(31 * S, AGENT, "CONTEXT_CORRUPTION", LEAD);
    meter.onReady(32 * S, AGENT, 31 * S);
    meter.look(40 * S);
    expect(meter.results(40 * S).byClass).toMatchObject([{ count: 1, undetected: 0, unrepaired: 1 }]);
    meter.onRecovered(46 * S, AGENT, "CONTEXT_CORRUPTION");
    expect(meter.results(50 * S).byClass).toMatchObject([{ count: 1, undetected: 0, unrepaired: 0, slowestS: 26 }]);
  });

  it("does not count where it began in warm-up, and is one where two strikes meet", () => {
    const { meter, inactive } = meterOf([crash(5, 8), crash(20, 30), crash(25, 40)]);
    inactive.add(AGENT);
    meter.look(29 * S);
    inactive.delete(AGENT);
    meter.look(41 * S);
    expect(meter.results(50 * S).byClass).toMatchObject([{ count: 1, slowestS: 21 }]);
  });

  it("is one for each class that strikes it at once: a crash that is over ends no cut", () => {
    const cut: Strike = { failure: "TRANSIENT_NETWORK", fromUs: 104 * S, untilUs: 224 * S, agents: [AGENT] };
    const { meter, inactive } = meterOf([crash(100, 108), cut]);
    inactive.add(AGENT);
    meter.onDetected(106 * S, AGENT, "TRANSIENT_NETWORK", LEAD);
    meter.onRecovered(107 * S, AGENT, "TRANSIENT_NETWORK");
    inactive.delete(AGENT);
    meter.look(109 * S);
    meter.look(229 * S);
    expect(meter.results(240 * S).list).toEqual([
      { class: "AGENT_CRASH", where: "S1-C1-A1", startedS: 100, detectedS: 106, restoredS: 109 },
      { class: "TRANSIENT_NETWORK", where: "S1-C1-A1", startedS: 104, detectedS: 106, restoredS: 229 },
    ]);
  });

  it("is told of as not over when the run ends first", () => {
    const { meter, inactive } = meterOf([crash(20)]);
    inactive.add(AGENT);
    expect(meter.results(50 * S)).toMatchObject({
      byClass: [{ undetected: 1, unrepaired: 1, slowestS: null }],
      list: [{ detectedS: null, restoredS: null }],
    });
  });
});

describe("an agent that joins the running mesh", () => {
  const JOINING = `name: joining
description: half of the agents are not there when something breaks
seed: 5
warmUp: 10 s
duration: 3 min
mesh:
  sectors: 1
  clustersPerSector: 2
  agentsPerCluster: 5
  classes: { A: 10 }
  joining: { agents: 10, at: 60 s, over: 1 s }
placement: { orchestrator: eastus }
`;
  const struckAt = (fault: string, at: string) => {
    const stage = new Stage(load(`${JOINING}faults:\n  - ${fault}\n    at: ${at}\n`));
    return strikesOf(stage).map(({ agents }) => agents.length);
  };

  it.each(["crash: { role: agent }", "partition: { isolate: { role: agent } }", "wrongContext: { class: A }"])(
    "is not struck before it is there: %s",
    (fault) => {
      expect(struckAt(fault, "30 s")).toEqual([10]);
      expect(struckAt(fault, "70 s")).toEqual([20]);
    },
  );
});

it("an agent is whole when the process that still holds it for ill has left its lead's office to another", () => {
  const { meter, inactive } = meterOf([crash(20, 25)]);
  const standby = topology.standbyOf(LEAD);
  meter.look(20 * S);
  inactive.add(AGENT);
  meter.onDetected(26 * S, AGENT, "AGENT_CRASH", standby);
  meter.onDetected(27 * S, AGENT, "TRANSIENT_NETWORK", LEAD);
  inactive.clear();
  meter.onFormerLead(40 * S, 0, standby);
  meter.look(41 * S);
  expect(meter.results(60 * S).byClass).toMatchObject([{ class: "AGENT_CRASH", unrepaired: 1 }]);
  meter.onRecovered(45 * S, AGENT, "TRANSIENT_NETWORK");
  expect(meter.results(60 * S).byClass).toMatchObject([{ class: "AGENT_CRASH", unrepaired: 0, repairS: { p50: 19 } }]);
});

describe("the recovery of a cluster", () => {
  it("takes from when too few are active, is detected by the first word on any of its agents, and has a target", () => {
    const { meter } = meterOf([]);
    meter.onService(20 * S, "cluster", 0, false);
    meter.onDetected(31 * S, AGENT + 3, "AGENT_CRASH", LEAD);
    meter.onDetected(32 * S, AGENT + 7, "AGENT_CRASH", LEAD); // of the other cluster
    meter.onService(44 * S, "cluster", 0, true);
    expect(meter.results(60 * S).byClass).toMatchObject([
      { class: "outage", scope: "cluster", detectionS: { p50: 11 }, repairS: { p50: 13 }, slowestS: 24, targetS: 300 },
    ]);
  });
});

describe("an office that nobody holds", () => {
  it("is detected when somebody stands for election", () => {
    const { meter } = meterOf([]);
    meter.onVacancy(20 * S, 1, false);
    meter.onVacancy(21 * S, 1, false);
    meter.onStands(58 * S, 1);
    meter.onStands(68 * S, 1);
    meter.onVacancy(69 * S, 1, true);
    expect(meter.results(80 * S).byClass).toMatchObject([
      {
        class: "nobody in office",
        scope: "sector",
        count: 1,
        detectionS: { p50: 38 },
        repairS: { p50: 11 },
        targetS: 900,
      },
    ]);
  });
});

it("recoveries of a year, of which there are more than a call may have arguments, are summed up", () => {
  const books = new RecoveryBooks();
  for (let second = 1; second <= 200_000; second++) {
    const [startedUs, restoredUs] = [second * S, (second + (second === 777 ? 90 : 10)) * S];
    books.add({ kind: "outage", scope: "cluster", where: "S1-C1", startedUs, detectedUs: undefined, restoredUs });
  }
  const [row] = books.results(Calendar.endless()).byClass;
  expect(row).toMatchObject({ count: 200_000, undetected: 200_000, unrepaired: 0, slowestS: 90 });
});

describe("recoveries on a mesh two agents of which die for good", () => {
  const DYING = `name: dying
description: two agents die for good
seed: 5
warmUp: 20 s
duration: 3 min
mesh:
  sectors: 1
  clustersPerSector: 2
  agentsPerCluster: 10
  classes: { A: 20 }
placement: { orchestrator: eastus }
workload: { intraCluster: 2 / s }
faults:
  - crash: { class: A, count: 2 }
    at: 40 s
`;
  const recovered = () => results(DYING).recoveries.byClass.find((row) => row.class === "AGENT_CRASH");
  type Broken = "replaceIfDue" | "noteSilence" | "onUnanswered";
  const without = (method: Broken) => {
    const prototype = AgentWatch.prototype as unknown as Record<Broken, () => void>;
    const spy = vi.spyOn(prototype, method).mockImplementation(() => undefined);
    onTestFinished(() => spy.mockRestore());
  };

  it("are all detected and over where their lead sees to them", () => {
    expect(recovered()).toMatchObject({ count: 2, undetected: 0, unrepaired: 0 });
  });

  it("catch a protocol that asks for no fresh process", () => {
    without("replaceIfDue");
    expect(recovered()).toMatchObject({ count: 2, undetected: 0, unrepaired: 2 });
  });

  it("catch a protocol that notices no silence", () => {
    without("noteSilence");
    without("onUnanswered");
    expect(recovered()).toMatchObject({ count: 2, undetected: 2, unrepaired: 2 });
  });
});
