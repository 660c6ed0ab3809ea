/**
 * The scenarios that ship, as a user runs them: as they stand in `npm run test:full`, and with a tenth of the mesh and a
 * minute of it otherwise. What they promise is what their own comments and `docs/findings.md` say.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { FULL } from "../effort.js";
import { build } from "./command.js";
import { LIMIT_MS, lostNoMessage, runShipped, sets, verdicts } from "./shipped.js";

beforeAll(build);

const TENTH = sets(
  "mesh.sectors=10",
  "mesh.classes={ A: 1000, B: 800, C: 500, D: 200, E: 300, F: 200 }",
  "duration=60 s",
);

const TENTH_OF_THE_AGENTS = TENTH.slice(0, 4);

const FEWER_JOIN = sets("mesh.joining.agents=100");

const BUS_PROMISES = ["order within clusters", "time to live on the bus", "delivered at least once, or a dead letter"];

describe("mesh-30k", () => {
  it("meets every target of part 11 with the repaired protocol, on one thread within a gigabyte", {
    timeout: LIMIT_MS,
  }, () => {
    const rehearsed = runShipped("mesh-30k", TENTH, "--threads", "1");
    expect(verdicts(rehearsed)).toEqual({
      coordinationSuccess: "holds",
      arrivalWindowHitRate: "holds",
      predictionWithin50Ms: "holds",
      conflictRate: "holds",
      meshAvailability: "holds",
      cascadeLatencyP95: "holds",
      recoveryTime: expect.stringMatching(/holds|not-exercised/),
      sectorRecoveryTime: "not-exercised", // nothing fails there that would take a sector down
      healingTime: "not-exercised",
      splitBrainsPerYear: "holds",
    });
    expect(rehearsed.code).toBe(0);
    expect(rehearsed.peakRssMb).toBeLessThan(1_000);
    lostNoMessage(rehearsed);
  });
});

describe("as-written", () => {
  it("misses what the document cannot reach to the letter, and the exit code says so", { timeout: LIMIT_MS }, () => {
    const rehearsed = runShipped("as-written", TENTH);
    expect(verdicts(rehearsed)).toMatchObject({ predictionWithin50Ms: "missed", cascadeLatencyP95: "missed" });
    expect(rehearsed.code).toBe(1);
    lostNoMessage(rehearsed);
  });
});

describe("cascade-strategies", () => {
  it("takes all three ways through one mesh, each as often", { timeout: LIMIT_MS }, () => {
    const rehearsed = runShipped("cascade-strategies", TENTH);
    const taken = rehearsed.results.cascades.map((cascade) => cascade.strategy);
    const turns = FULL ? 6 : 2;
    for (const strategy of ["wave", "parallel", "priority_first"]) {
      expect(taken.filter((each) => each === strategy)).toHaveLength(turns);
    }
    expect(rehearsed.code).toBe(0);
    lostNoMessage(rehearsed);
  });
});

describe("bus-100k", () => {
  it("carries 100,000 messages a second in order, at least once, none after its time to live (8.1)", {
    timeout: LIMIT_MS,
  }, () => {
    const rehearsed = runShipped("bus-100k", TENTH_OF_THE_AGENTS);
    const bus = rehearsed.results.bus!;
    expect(bus.sentPerSecond!.mean).toBeGreaterThanOrEqual(FULL ? 100_000 : 10_000);
    // Half a per cent of copies and of acknowledgements are lost, each of which is sent again.
    const { sent } = rehearsed.results.messages;
    expect(bus.redelivered / sent).toBeGreaterThan(0.007);
    expect(bus.redelivered / sent).toBeLessThan(0.013);
    expect(bus.order).toMatchObject({ outOfOrder: 0, late: 0 });
    expect(bus.heldBack).toBeGreaterThan(100);
    expect(bus.deadLetters).toBe(0);
    const { invariants } = rehearsed.results;
    for (const name of BUS_PROMISES) {
      const promise = invariants.find((invariant) => invariant.name === name);
      expect(promise, name).toMatchObject({ violations: 0 });
      expect(promise!.checks, name).toBeGreaterThan(100_000);
    }
    expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(rehearsed.code).toBe(0);
    lostNoMessage(rehearsed);
  });

  it("loses what the links lose with JetStream's default AckWait, which is longer than a message lives", {
    timeout: LIMIT_MS,
  }, () => {
    const defaultWait = ["--set", "network.atLeastOnce.ackWait=30 s", "--set", "duration=4 s"];
    const { results } = runShipped("bus-100k", TENTH_OF_THE_AGENTS, ...defaultWait);
    expect(results.bus!.redelivered).toBe(0);
    expect(results.bus!.deadLetters).toBeGreaterThan(100);
  });
});

describe("joining", () => {
  it("takes 1,000 agents into a running mesh that meets its targets meanwhile, none of them held for failed (10.2)", {
    timeout: LIMIT_MS,
  }, () => {
    const rehearsed = runShipped("joining", [...TENTH_OF_THE_AGENTS, ...FEWER_JOIN]);
    const { agents, started, steps, hitRate, falseFailures } = rehearsed.results.joining!;
    expect([agents, started, falseFailures]).toEqual(FULL ? [1_000, 1_000, 0] : [100, 100, 0]);
    expect(steps.slice(0, 3).map((step) => step.agents)).toEqual([agents, agents, agents]);
    // Who is set back late is still on its way when the run ends: 2 of 1,000 with this seed.
    expect(steps[3]!.agents).toBeGreaterThanOrEqual(0.99 * agents);
    expect(hitRate).toBeGreaterThan(0.95);
    expect(rehearsed.code).toBe(0);
    lostNoMessage(rehearsed);
  });
});

describe("mesh-100", () => {
  it("passes as it stands", { timeout: LIMIT_MS }, () => {
    const rehearsed = runShipped("mesh-100", []);
    expect(rehearsed.code).toBe(0);
    lostNoMessage(rehearsed);
  });
});
