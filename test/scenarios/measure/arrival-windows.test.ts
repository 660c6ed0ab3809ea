import { beforeEach, describe, expect, it } from "vitest";
import { FROM_MS, WatchedMesh } from "./watched-mesh.js";

/** One microsecond, in ms. */
const US = 0.001;
/** The cascade starts at 20 s and is aimed at 21 s: the window is from 20.5 s to 21.5 s. */
const STARTED = 20_000;
const TARGET = 21_000;

let mesh: WatchedMesh;
let agent: number;

beforeEach(() => {
  mesh = new WatchedMesh();
  [agent] = mesh.machines as [number];
});

function aimed(): void {
  mesh.startCascade(STARTED);
  mesh.aim(STARTED + 100, TARGET - STARTED - 100);
}

const NOBODY = { hits: 0, early: 0, late: 0, gathered: 0 };
const tally = (of: "A" | "F" = "A") => {
  const { targeted, skipped, sent, hits, early, late, gathered, never } = mesh.cascade.of(of);
  return { targeted, skipped, sent, hits, early, late, gathered, never };
};

describe("an agent that is READY", () => {
  it.each<[name: string, readyAtMs: number, counted: Partial<ReturnType<typeof tally>>]>([
    ["a microsecond before T - W is early", TARGET - 500 - US, { early: 1 }],
    ["at T - W is a hit", TARGET - 500, { hits: 1 }],
    ["at T is a hit", TARGET, { hits: 1 }],
    ["at T + W is a hit", TARGET + 500, { hits: 1 }],
    ["a microsecond after T + W is late", TARGET + 500 + US, { late: 1 }],
  ])("%s", (_, readyAtMs, counted) => {
    aimed();
    mesh.ready(readyAtMs, agent, mesh.send({ atMs: STARTED + 200, to: agent }));
    expect(tally()).toEqual({ targeted: 20, skipped: 0, sent: 1, never: 19, ...NOBODY, ...counted });
  });

  it("counts in its own row, and a hit in the second in which it was READY", () => {
    aimed();
    mesh.ready(TARGET + 250, agent, mesh.send({ atMs: STARTED + 200, to: agent }));
    mesh.endCascade(TARGET + 300);
    mesh.finish(30_000);
    expect(mesh.meter.cascades.timesOf(agent, "hits")).toBe(1);
    expect(mesh.meter.cascades.timesOf(agent, "targeted")).toBe(1);
    expect(mesh.meter.cascades.hitsBySecond[21]).toBe(1);
    expect(mesh.meter.cascades.targetedBySecond[20]).toBe(20);
  });

  it("has an arrival error that is below zero before T and above it after", () => {
    aimed();
    mesh.ready(TARGET - 40, agent, mesh.send({ atMs: STARTED + 200, to: agent }));
    expect(mesh.cascade.of("A").arrivalErrors.quantile(0.5)).toBeCloseTo(-40, 0);
  });

  it("with CONFLICT is no hit", () => {
    aimed();
    mesh.ready(TARGET, agent, mesh.send({ atMs: STARTED + 200, to: agent }), -1);
    expect(tally()).toMatchObject({ ...NOBODY, never: 20 });
  });
});

describe("an agent that is never READY", () => {
  it.each<[name: string, happen: () => void, expected: object]>([
    ["because its message was lost", () => mesh.send({ atMs: STARTED + 200, to: agent }), { sent: 1, skipped: 0 }],
    ["because nothing was sent", () => {}, { sent: 0, skipped: 0 }],
  ])("%s, is among the targeted and never", (_, happen, expected) => {
    aimed();
    happen();
    expect(tally()).toMatchObject({ targeted: 20, never: 20, ...expected });
  });

  it("because it was skipped, is among the targeted, the skipped and never", () => {
    mesh.startCascade(STARTED);
    const missed = { reason: "insufficient_lead_time", wouldNeedMs: 1300, availableMs: 1000 } as const;
    mesh.aim(STARTED, 1000, { skipped: mesh.machines.slice(0, 4).map((agentId) => ({ agentId, ...missed })) });
    expect(tally()).toMatchObject({ targeted: 20, skipped: 4, never: 20 });
    expect(mesh.cascade.of("A").shortfalls!.quantile(0.5)).toBeCloseTo(300, -1);
  });
});

describe("everybody is targeted from the start on", () => {
  it("also below a lead that the operation never reached", () => {
    mesh.startCascade(STARTED);
    expect(tally()).toMatchObject({ targeted: 20, sent: 0, never: 20 });
    expect(mesh.meter.cascades.targetedBySecond[20]).toBe(20);
  });

  it("but people only where a node aims at them", () => {
    mesh.startCascade(STARTED);
    expect(tally("F").targeted).toBe(0);
    mesh.aim(STARTED, 1000, { targets: mesh.people });
    expect(tally("F").targeted).toBe(5);
  });
});

describe("the target time that agents are judged by", () => {
  /** The initiator means 21 s; the lead reckons with a way that is 700 ms off and aims at 21.7 s. */
  function translated(): void {
    mesh.startCascade(STARTED);
    mesh.passOn(STARTED + 100, TARGET - STARTED - 100);
    mesh.aim(STARTED + 200, TARGET + 700 - STARTED - 200);
    mesh.ready(TARGET + 500, agent, mesh.send({ atMs: STARTED + 300, to: agent }));
    mesh.ready(TARGET + 501, mesh.machines[1]!, mesh.send({ atMs: STARTED + 300, to: mesh.machines[1]! }));
    mesh.gathered(TARGET + 500, agent);
    mesh.gathered(TARGET + 501, mesh.machines[1]!);
  }

  it("is the initiator's where it is inherited", () => {
    translated();
    expect(tally()).toMatchObject({ hits: 1, late: 1, gathered: 1 });
  });

  it("is not moved by the initiator's sending again", () => {
    mesh.startCascade(STARTED);
    mesh.passOn(STARTED + 100, 900);
    mesh.passOn(STARTED + 500, 900);
    mesh.aim(STARTED + 600, 300);
    mesh.ready(TARGET + 501, agent, mesh.send({ atMs: STARTED + 600, to: agent }));
    expect(tally()).toMatchObject({ hits: 0, late: 1 });
  });

  it("is the aiming node's own where each level has one", () => {
    mesh = new WatchedMesh(false);
    translated();
    expect(tally()).toMatchObject({ hits: 2, late: 0, gathered: 2 });
  });
});

describe("a cascade counts", () => {
  const counted = () => mesh.meter.cascades.countedRecords.length;

  it.each<[name: string, endedMs: number | undefined, untilMs: number, count: number]>([
    ["not where it was running when the run ended", undefined, TARGET + 10_000, 0],
    ["not where its window was open when the run ended", TARGET, TARGET + 500 - US, 0],
    ["where its window closed with the run", TARGET, TARGET + 500, 1],
    ["where it ended with the run, after its window", TARGET + 700, TARGET + 700, 1],
  ])("%s", (_, endedMs, untilMs, count) => {
    aimed();
    if (endedMs !== undefined) mesh.endCascade(endedMs);
    mesh.finish(untilMs);
    expect(counted()).toBe(count);
    expect(mesh.meter.cascades.timesOf(agent, "targeted")).toBe(count);
  });

  it("where it failed before anybody was aimed at", () => {
    mesh.startCascade(STARTED);
    mesh.endCascade(STARTED + 1200, "FAILED_AT_SECTOR");
    mesh.finish(STARTED + 1200);
    expect(counted()).toBe(1);
  });

  it("with the inherited window, though no lead has aimed yet", () => {
    mesh.startCascade(STARTED);
    mesh.passOn(STARTED + 100, 900);
    mesh.endCascade(STARTED + 200);
    mesh.finish(TARGET + 499);
    expect(counted()).toBe(0);
    mesh.finish(TARGET + 500);
    expect(counted()).toBe(1);
  });

  it("and only then do its hits count as the agent's", () => {
    aimed();
    mesh.ready(TARGET, agent, mesh.send({ atMs: STARTED + 200, to: agent }));
    mesh.finish(TARGET + 600);
    expect(mesh.meter.cascades.timesOf(agent, "hits")).toBe(0);
    mesh.endCascade(TARGET + 700);
    mesh.finish(TARGET + 700);
    expect(mesh.meter.cascades.timesOf(agent, "hits")).toBe(1);
  });
});

describe("gathered is what the coordinator knew by T + W", () => {
  it.each([
    ["at T + W", TARGET + 500, 1],
    ["a microsecond later", TARGET + 500 + US, 0],
  ])("%s", (_, atMs, gathered) => {
    aimed();
    mesh.gathered(atMs, agent);
    expect(tally()).toMatchObject({ gathered });
  });
});

describe("a message that is READY more than once, or sent more than once, counts once", () => {
  it("as a copy: the first READY is the one that counts", () => {
    aimed();
    const message = mesh.send({ atMs: STARTED + 200, to: agent });
    mesh.ready(TARGET, agent, message);
    mesh.ready(TARGET + 900, agent, message);
    expect(tally()).toMatchObject({ hits: 1, late: 0, never: 19 });
    expect(mesh.meter.responses.all).toBe(1);
  });

  it("sent again: one sending, and its time runs from the first", () => {
    aimed();
    const message = mesh.send({ atMs: STARTED + 200, to: agent, expectedReadyMs: 300 });
    mesh.handOver(STARTED + 700, agent, message);
    mesh.ready(STARTED + 900, agent, message);
    expect(tally()).toMatchObject({ sent: 1, hits: 1 });
    expect(mesh.meter.predictions.points()).toEqual([{ class: "A", predictedMs: 300, errorMs: 400 }]);
  });

  it("sent again after it was READY: the second READY does not count either", () => {
    aimed();
    const message = mesh.send({ atMs: STARTED + 200, to: agent });
    mesh.ready(STARTED + 900, agent, message);
    mesh.handOver(STARTED + 950, agent, message);
    mesh.ready(STARTED + 1000, agent, message);
    expect(tally()).toMatchObject({ sent: 1, hits: 1, never: 19 });
  });
});

describe("warm-up", () => {
  it("keeps a cascade that started in it out of everything, even where its agents are READY afterwards", () => {
    mesh.startCascade(FROM_MS - US);
    mesh.aim(FROM_MS, 500);
    mesh.ready(FROM_MS + 500, agent, mesh.send({ atMs: FROM_MS + 1, to: agent }));
    mesh.gathered(FROM_MS + 600, agent);
    expect(mesh.meter.cascades.records.size).toBe(0);
    expect(mesh.meter.cascades.hitsBySecond).toEqual([]);
  });

  it("ends with the instant at which measuring begins", () => {
    mesh.startCascade(FROM_MS);
    expect(mesh.meter.cascades.records.size).toBe(1);
  });

  it("keeps a message that was sent in it out, even where it is sent again afterwards", () => {
    const message = mesh.send({ atMs: FROM_MS - US, to: agent, expectedReadyMs: 100 });
    mesh.handOver(FROM_MS + 500, agent, message);
    mesh.ready(FROM_MS + 600, agent, message);
    expect(mesh.meter.predictions.machines().count).toBe(0);
    expect(mesh.meter.responses.all).toBe(0);
  });

  it("keeps a message that was sent in it out, even where it is READY afterwards", () => {
    const message = mesh.send({ atMs: FROM_MS - US, to: agent, expectedReadyMs: 100 });
    mesh.ready(FROM_MS + 100, agent, message);
    expect(mesh.meter.predictions.machines().count).toBe(0);
    expect(mesh.meter.responses.all).toBe(0);
  });
});

describe("people stand apart", () => {
  it("in a row of their own, outside the cascade's figures", () => {
    aimed();
    mesh.aim(STARTED + 100, 900, { targets: mesh.people });
    const [person] = mesh.people as [number];
    mesh.ready(TARGET, person, mesh.send({ atMs: STARTED + 200, to: person }));
    expect(tally("F")).toMatchObject({ targeted: 5, hits: 1, never: 4 });
    expect(mesh.cascade.sum("targeted")).toBe(20);
    expect(mesh.cascade.sum("hits")).toBe(0);
    expect(mesh.cascade.readyAfterUs).toEqual([]);
    expect(mesh.meter.cascades.hitsBySecond[21]).toBeUndefined();
    mesh.endCascade(TARGET);
    mesh.finish(30_000);
    expect(mesh.meter.cascades.timesOf(person, "hits")).toBe(1);
    expect(mesh.meter.cascades.timesOf(person, "targeted")).toBe(1);
  });

  it("at a checkpoint, answered in their own time, once", () => {
    const [person] = mesh.people as [number];
    const checkpoint = { isCheckpoint: true, routingStrategy: "direct" } as const;
    const message = mesh.send({ atMs: STARTED, to: person, message: checkpoint, expectedReadyMs: 60_000 });
    mesh.ready(STARTED + 3_600_000, person, message);
    mesh.ready(STARTED + 3_600_001, person, message);
    const { put, answered, answerMs } = mesh.meter.checkpoints;
    expect([put, answered]).toEqual([1, 1]);
    expect(answerMs.quantile(0.5) / 3_600_000).toBeCloseTo(1, 2);
    expect(mesh.meter.predictions.of("F").count).toBe(0);
  });
});

describe("a cascade's latency", () => {
  const readyAfter = (...delaysMs: number[]) => {
    aimed();
    delaysMs.forEach((delayMs, index) => {
      const to = mesh.machines[index]!;
      mesh.ready(STARTED + delayMs, to, mesh.send({ atMs: STARTED + 150, to }));
    });
    return mesh.cascade.latencyUs();
  };
  const nineteen = Array.from({ length: 19 }, (_, index) => 200 + index);

  it("is the time from the decision until 95 % of the targeted, 19 of 20, are READY, in their window or not", () => {
    expect(readyAfter(...nineteen)).toBe(218_000);
  });

  it("does not wait for the twentieth", () => {
    expect(readyAfter(...nineteen, 9000)).toBe(218_000);
  });

  it("is none where 18 of 20 are READY", () => {
    expect(readyAfter(...nineteen.slice(1))).toBeUndefined();
  });

  it("is none where nobody was aimed at", () => {
    mesh.startCascade(STARTED);
    expect(mesh.cascade.latencyUs()).toBeUndefined();
  });
});

describe("the nodes of a level", () => {
  const tookIn = (node: number, atMs: number) =>
    mesh.probe.onFact(atMs * 1000, node, { type: "took-in", tier: "lead", correlationId: 3 * 16 + 1 });

  it("count once each, when they first took the operation in", () => {
    mesh.startCascade(STARTED);
    tookIn(mesh.lead, STARTED + 100);
    tookIn(mesh.lead, STARTED + 300);
    expect(mesh.cascade.levels.leads.afterUs).toEqual([100_000]);
  });
});
