import { describe, expect, it } from "vitest";
import { type CascadeOrder, type CascadeStrategy, PRIORITY_ORDER } from "../../../protocol/mesh-30k/cascade-plan.js";
import type { Coordinate, Tally } from "../../../protocol/mesh-30k/messages.js";
import type { ProtocolOptions } from "../../../protocol/mesh-30k/options.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeMesh } from "./fake-mesh.js";
import {
  acknowledge,
  coordinate,
  coordinatorOn,
  impedanceOf,
  optionsWith,
  orchestratorOn,
  sectorSummary,
  shapeOf,
  VARIANTS,
} from "./fixtures.js";

const order = (strategy: CascadeStrategy): CascadeOrder => ({
  strategy,
  windowMs: 500,
  payloadWeight: 0,
  verb: "act",
  priority: 2,
});

/** An orchestrator over 50 sectors of four agents each, whose coordinators are near and fast. */
class Wave {
  readonly host;
  readonly sectors = 50;

  constructor(options: ProtocolOptions) {
    const topology = new Topology(shapeOf(this.sectors, 2, { A: 4 * this.sectors }));
    const { host, orchestrator } = orchestratorOn(options, topology);
    this.host = host;
    for (const { coordinator, index } of topology.sectors) {
      const impedance = impedanceOf(coordinator, { agentClass: "D", latencyMs: 40 });
      host.deliver(coordinator, sectorSummary(index, { impedance }));
    }
    orchestrator.cascade(order("wave"));
  }

  /** The messages of a level, once for each sector: 0 to the coordinators alone, 1 to the leads, 2 to the agents. */
  level(depth: number): readonly { readonly to: number; readonly message: Coordinate }[] {
    const sent = this.host.sentOf("COORDINATE").filter(({ message }) => message.depth === depth);
    return sent.filter(({ to }, index) => sent.findIndex((other) => other.to === to) === index);
  }

  answer(depth: number, sectors: number, tally?: Tally): this {
    for (const { to, message } of this.level(depth).slice(0, sectors)) {
      this.host.deliver(to, acknowledge(message, to, { tally }));
    }
    return this;
  }

  pass(ms: number): this {
    this.host.advance(ms);
    return this;
  }

  get end() {
    return this.host.factsOf("cascade-ended")[0];
  }
}

describe.each(VARIANTS)("MESH-30K 3.3, %s: a wave", (variant) => {
  const options = optionsWith(variant);
  /** Longer than any level of it may take with its extension, shorter than two. */
  const LEVEL_MS = 1_000;
  const tally = { targeted: 4, sent: 4, ready: 4, conflict: 0 };

  it("goes to the sectors, then to the clusters, then to the agents; each level is gathered before the next", () => {
    const wave = new Wave(options).pass(200);
    expect([0, 1, 2].map((depth) => wave.level(depth).length)).toEqual([50, 0, 0]);
    wave.answer(0, 50).pass(LEVEL_MS);
    expect([0, 1, 2].map((depth) => wave.level(depth).length)).toEqual([50, 50, 0]);
    wave.answer(1, 50).pass(LEVEL_MS);
    expect([0, 1, 2].map((depth) => wave.level(depth).length)).toEqual([50, 50, 50]);
    expect(wave.end).toBeUndefined();
    wave.answer(2, 50, tally);
    // Repaired, 192 of 200 decide it: 95 % are there with the 48th of 50 sectors.
    const ready = variant === "repaired" ? 192 : 200;
    expect(wave.end).toMatchObject({
      status: "SUCCESS",
      tally: { targeted: ready, sent: ready, ready, conflict: 0 },
    });
  });

  it("gives every level's messages a phase of one cascade", () => {
    const wave = new Wave(options).pass(200).answer(0, 50).pass(LEVEL_MS).answer(1, 50).pass(LEVEL_MS);
    const correlations = [0, 1, 2].map((depth) => new Set(wave.level(depth).map((m) => m.message.correlationId)));
    expect(correlations).toEqual([new Set([16]), new Set([17]), new Set([18])]);
  });

  it("goes on when 98 % of the sector coordinators confirm", () => {
    const wave = new Wave(options)
      .pass(200)
      .answer(0, 49)
      .pass(2 * LEVEL_MS);
    expect(wave.level(1)).toHaveLength(50);
  });

  it("is FAILED_AT_SECTOR below 98 %, and goes no further", () => {
    const wave = new Wave(options).pass(200).answer(0, 48).pass(5_000);
    expect(wave.end).toMatchObject({ status: "FAILED_AT_SECTOR", tally: { targeted: 0 } });
    expect(wave.level(1)).toEqual([]);
  });
});

describe("MESH-30K 3.3: a wave whose clusters or agents are not gathered", () => {
  const none = { targeted: 4, sent: 4, ready: 0, conflict: 0 };
  const deafBelow = (variant: "as-written" | "repaired") =>
    new Wave(optionsWith(variant)).pass(200).answer(0, 50).pass(1_000);

  it("as-written: goes on and calls it SUCCESS, since only the first level is checked", () => {
    const wave = deafBelow("as-written").pass(1_001).answer(2, 50, none).pass(2_001);
    expect(wave.end).toMatchObject({ status: "SUCCESS", tally: { ready: 0 } });
  });

  it("repaired: level 2 counts leads, so that a cluster that is cut off does not cost a sector", () => {
    // Two leads a sector, of which one is out in each of two sectors: 98 of 100 have it, and two sectors have no quorum.
    const level2 = (missing: number) => {
      const wave = new Wave(optionsWith("repaired")).pass(200).answer(0, 50).pass(1);
      for (const [index, { to, message }] of wave.level(1).entries()) {
        const ready = index < missing ? 1 : 2;
        const answer = {
          tally: { targeted: 2, sent: ready, ready, conflict: 0 },
          trinaryState: ready === 2 ? 1 : 0,
        } as const;
        wave.host.deliver(to, acknowledge(message, to, answer));
      }
      return wave.pass(1_100);
    };
    expect(level2(2).level(2)).toHaveLength(50);
    expect(level2(3).end).toMatchObject({ status: "FAILED_AT_CLUSTER" });
  });

  it("repaired: ends where it failed", () => {
    expect(deafBelow("repaired").pass(5_000).end).toMatchObject({ status: "FAILED_AT_CLUSTER" });
    const wave = deafBelow("repaired").answer(1, 50).pass(500).answer(2, 50, none).pass(10_000);
    expect(wave.end).toMatchObject({ status: "WAIT", tally: { targeted: 200, ready: 0 } });
  });
});

describe("MESH-30K 3.3: a wave through a whole mesh", () => {
  it("repaired: has every agent READY in the window around the target time, and knows it", () => {
    const shape = shapeOf(3, 3, { A: 20, B: 10, C: 6 });
    const mesh = new FakeMesh(shape, optionsWith("repaired"), { delayMs: 20, serviceMs: 30 });
    mesh.run(20_000);
    mesh.orchestrator.cascade(order("wave"));
    mesh.run(5_000);
    const [end] = mesh.hosts[0]!.factsOf("cascade-ended");
    expect(end).toMatchObject({ status: "SUCCESS" });
    expect(end!.tally.ready / 36).toBeGreaterThanOrEqual(0.95);
    expect(mesh.hosts.flatMap((host) => host.factsOf("ready"))).toHaveLength(36);
  });
});

describe("MESH-30K 3.2: the target time below the initiator (option targetTime)", () => {
  const topology = new Topology(shapeOf(1, 3, { B: 9 }));
  const receive = (variant: "as-written" | "repaired") => {
    const { host } = coordinatorOn(optionsWith("repaired", { targetTime: variant }), topology);
    host.advance(1_000);
    host.deliver(0, coordinate({ sourceId: 0, depth: 2, remainingMs: 900, windowMs: 500 }));
    host.advance(10);
    host.finish();
    host.advance(500);
    return host.sentOf("COORDINATE").map(({ message }) => message.targetArrivalMs);
  };

  it("as-written: each level aims one window ahead of its own start", () => {
    expect(receive("as-written")).toEqual([1_510, 1_510, 1_510]);
  });

  it("repaired: each level aims at the initiator's target time, less the way here (50 ms until measured)", () => {
    expect(receive("repaired")).toEqual([1_850, 1_850, 1_850]);
  });
});

describe.each(VARIANTS)("MESH-30K 3.3, %s: parallel and priority_first", (variant) => {
  const agents = { A: 8, B: 6, C: 4, D: 4, E: 4, F: 3 };
  const machines = 26;
  const people = 3;

  /** An orchestrator of a mesh of every class; humans are sent to at the far end of patience. */
  class Direct {
    readonly topology = new Topology(shapeOf(2, 4, agents));
    readonly host;
    readonly orchestrator;

    constructor(strategy: CascadeStrategy, options = optionsWith(variant)) {
      const { host, orchestrator } = orchestratorOn(options, this.topology);
      this.host = host;
      this.orchestrator = orchestrator;
      orchestrator.cascade(order(strategy));
    }

    classOf(address: number) {
      return this.topology.clusterOf(address).agentClass;
    }

    /** Answers what was sent since the last time, but for `silent` of each class. */
    answer(silent: Partial<Record<string, number>> = {}): this {
      const left = { ...silent };
      for (const { to, message } of this.host.sentOf("COORDINATE").slice(this.answered)) {
        this.answered++;
        const name = this.classOf(to);
        if (message.isCheckpoint || (left[name] ?? 0) > 0) left[name] = (left[name] ?? 0) - 1;
        else this.host.deliver(to, acknowledge(message, to));
      }
      return this;
    }

    private answered = 0;

    /** Lets `ms` pass, answering every 10 ms. */
    pass(ms: number, silent: Partial<Record<string, number>> = {}): this {
      for (let passed = 0; passed < ms; passed += 10) {
        this.host.advance(10);
        this.answer(silent);
      }
      return this;
    }

    get end() {
      return this.host.factsOf("cascade-ended")[0];
    }
  }

  it("parallel: addresses every agent from the orchestrator, coordinators and leads none", () => {
    const direct = new Direct("parallel").pass(3_000);
    const sent = direct.host.sentOf("COORDINATE").filter(({ message }) => !message.isCheckpoint);
    expect(sent.every(({ to }) => direct.topology.isAgent(to))).toBe(true);
    expect(new Set(sent.map(({ to }) => to)).size).toBe(machines);
    expect(sent.map(({ message }) => message.depth)).toEqual(Array(machines).fill(0));
  });

  it("parallel: succeeds at 90 %", () => {
    // 2 of 26 machines silent are 92 % of them; as written, three people are skipped besides.
    expect(new Direct("parallel").pass(5_000, { A: 2 }).end).toMatchObject({ status: "SUCCESS" });
    expect(new Direct("parallel").pass(5_000, { A: 3 }).end!.status).not.toBe("SUCCESS");
  });

  it("priority_first: takes the classes in the document's order, with its thresholds", () => {
    expect(PRIORITY_ORDER.map(({ agentClass, readyRate }) => [agentClass, readyRate])).toEqual([
      ["D", 0.99],
      ["C", 0.98],
      ["B", 0.95],
      ["A", 0.9],
      ["E", 0.85],
    ]);
    const direct = new Direct("priority_first").pass(10_000);
    const sent = direct.host.sentOf("COORDINATE").filter(({ message }) => !message.isCheckpoint);
    const sequence = sent.map(({ to }) => direct.classOf(to)).filter((name, i, all) => name !== all[i - 1]);
    expect(sequence).toEqual(["D", "C", "B", "A", "E"]);
    expect(direct.end).toMatchObject({ status: "COMPLETE", tally: { targeted: machines, ready: machines } });
  });

  it("priority_first: gathers a class before it addresses the next", () => {
    const direct = new Direct("priority_first");
    direct.host.advance(450);
    const addressed = new Set(direct.host.sentOf("COORDINATE").map(({ to }) => direct.classOf(to)));
    expect(addressed).toEqual(new Set(["D"]));
  });

  it("priority_first: notes a class that was not gathered and goes on", () => {
    const direct = new Direct("priority_first").pass(20_000, { D: 1 });
    expect(direct.end).toMatchObject({
      status: "COMPLETE_DEGRADED",
      tally: { targeted: machines, ready: machines - 1 },
    });
  });

  it("humanTargets: people are targets like any other as written, and stand apart as checkpoints repaired", () => {
    const direct = new Direct("parallel").pass(5_000);
    const checkpoints = direct.host.sentOf("COORDINATE").filter(({ message }) => message.isCheckpoint);
    const targeted = direct.end!.tally.targeted;
    if (variant === "as-written") {
      expect(targeted).toBe(machines + people);
      expect(checkpoints).toEqual([]);
      // A minute at least: no person can make a window of half a second.
      const skipped = direct.host.factsOf("aimed")[0]!.skipped.map(({ agentId }) => direct.classOf(agentId));
      expect(skipped).toEqual(["F", "F", "F"]);
    } else {
      expect(targeted).toBe(machines);
      expect(checkpoints.map(({ to }) => direct.classOf(to))).toEqual(["F", "F", "F"]);
      expect(checkpoints.map(({ message }) => message.ttlMs)).toEqual(Array(3).fill(3_600_000));
    }
  });
});
