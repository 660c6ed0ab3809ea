import { describe, expect, it } from "vitest";
import type { Address } from "../../../protocol/contract.js";
import { CapabilityIndex } from "../../../protocol/mesh-30k/capability-index.js";
import { CircuitBoard } from "../../../protocol/mesh-30k/circuit-board.js";
import type { CircuitOrder, Scope } from "../../../protocol/mesh-30k/messages.js";
import {
  CircuitBreaker,
  CLUSTER_FAILURES,
  OPEN_SECTORS,
  SECTOR_FAILURES,
} from "../../../protocol/mesh-30k/resilience/circuit-breaker.js";
import { FAILURE_WINDOWS } from "../../../protocol/mesh-30k/resilience/failure-window.js";
import { ORCHESTRATOR, Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeMesh } from "./fake-mesh.js";
import {
  clusterSummary,
  coordinate,
  coordinatorOn,
  leadOn,
  optionsWith,
  orchestratorOn,
  sectorSummary,
  shapeOf,
  TASK,
  VARIANTS,
} from "./fixtures.js";

const repaired = optionsWith("repaired");

/** A breaker over a window of 60 s, and what it wants done each second from now on. */
function breaker(threshold = CLUSTER_FAILURES) {
  const circuit = new CircuitBreaker(threshold, FAILURE_WINDOWS.repaired());
  let nowS = 0;
  /** Steps other than none, with the second at which they came. */
  const pass = (seconds: number, onProbe?: boolean) => {
    const steps: [number, string][] = [];
    for (const end = nowS + seconds; nowS < end; ) {
      nowS++;
      const step = circuit.look(nowS * 1000);
      if (step !== "none") steps.push([nowS, step]);
      if (step !== "probe" || onProbe === undefined) continue;
      const answered = circuit.onProbe(onProbe, nowS * 1000);
      if (answered !== "none") steps.push([nowS, answered]);
    }
    return steps;
  };
  return { circuit, pass, record: (count: number) => circuit.record(count, nowS * 1000) };
}

describe("MESH-30K 6.2: thresholds", () => {
  it("are those of the document: more than 5 in a cluster, 50 in a sector, 10 open sectors", () => {
    expect([CLUSTER_FAILURES, SECTOR_FAILURES, OPEN_SECTORS]).toEqual([5, 50, 10]);
    const { record } = breaker();
    expect([record(5), record(1)]).toEqual(["none", "open"]);
  });
});

describe("MESH-30K 6.2: the life of a breaker", () => {
  it("a probe after 30 s; a success makes it half-open for 60 s; a calm half-open closes it", () => {
    const { circuit, pass, record } = breaker();
    record(6);
    expect(circuit.state).toBe("OPEN");
    expect(pass(200, true)).toEqual([
      [30, "probe"],
      [30, "half-open"],
      [90, "close"],
    ]);
    expect(circuit.state).toBe("CLOSED");
    expect(record(5)).toBe("none");
  });

  it("a failed probe, or one that nobody answers within 5 s, is followed by the next after 60 s", () => {
    const failed = breaker();
    failed.record(6);
    expect(failed.pass(160, false).map(([at]) => at)).toEqual([30, 90, 150]);
    const silent = breaker();
    silent.record(6);
    expect(silent.pass(160).map(([at]) => at)).toEqual([30, 95, 160]);
  });

  it("failures while it is half-open open it again, for 60 s", () => {
    const { circuit, pass, record } = breaker();
    record(6);
    pass(40, true);
    expect(record(1)).toBe("none");
    expect(record(1)).toBe("open");
    expect(circuit.state).toBe("OPEN");
    expect(pass(70, true)[0]).toEqual([100, "probe"]);
  });

  it("an answer that nobody waits for changes nothing", () => {
    const { circuit, record } = breaker();
    record(6);
    expect(circuit.onProbe(true, 1_000)).toBe("none");
    expect(circuit.state).toBe("OPEN");
  });

  /** After a fault has healed, a breaker is to close, whenever the fault was. */
  const closes = (make: () => ReturnType<typeof breaker>) => {
    const { circuit, pass, record } = make();
    record(6);
    pass(47, false);
    pass(200, true);
    return circuit.state === "CLOSED";
  };

  it("closes when what failed has healed; one that forgets its next probe does not, and is caught", () => {
    expect(closes(breaker)).toBe(true);
    expect(
      closes(() => {
        const broken = breaker();
        const { circuit } = broken;
        const look = circuit.look.bind(circuit);
        let probed = false;
        circuit.look = (nowMs) => {
          if (probed) return "none";
          const step = look(nowMs);
          probed = step === "probe";
          return step;
        };
        return broken;
      }),
    ).toBe(false);
  });
});

describe("MESH-30K 6.2: how far back failures count (option failureWindow)", () => {
  const count = (variant: "as-written" | "repaired") => {
    const window = FAILURE_WINDOWS[variant]();
    // One failure every 15 s: at most five in any 60 to 65 s.
    for (let at = 0; at <= 3_600_000; at += 15_000) window.add(1, at);
    return window.count(3_600_000);
  };

  it("as-written: for ever, so that every cluster trips in the end", () => {
    expect(count("as-written")).toBe(241);
  });

  it("repaired: 60 s", () => {
    expect(count("repaired")).toBeLessThanOrEqual(CLUSTER_FAILURES);
    expect(count("repaired")).toBeGreaterThanOrEqual(4);
  });

  it("repaired: nothing is left after 65 s, however long nobody looked", () => {
    const window = FAILURE_WINDOWS.repaired();
    window.add(40, 12_000);
    expect(window.count(71_000)).toBe(40);
    expect(window.count(77_000)).toBe(0);
    window.add(40, 80_000);
    expect(window.count(10_000_000)).toBe(0);
  });
});

describe("MESH-30K 6.2: a cluster's breaker is held by its coordinator", () => {
  const opened = (variant: "as-written" | "repaired" = "repaired") => {
    const topology = new Topology(shapeOf(2, 2, { B: 120 }));
    const { host, coordinator } = coordinatorOn(optionsWith(variant), topology);
    const [first, second] = topology.clusters.map(({ lead }) => lead) as [Address, Address];
    const fail = (total: number) =>
      host.deliver(first, { type: "FAILURE", failure: "AGENT_CRASH", node: 9, isEscalated: false, total });
    return { host, coordinator, topology, first, second, fail };
  };

  it.each(VARIANTS)("%s: the sixth failure opens it; its lead and the orchestrator are told", (variant) => {
    const { host, first, fail } = opened(variant);
    for (let total = 1; total <= 5; total++) fail(total);
    fail(5);
    expect(host.factsOf("breaker")).toEqual([]);
    fail(6);
    expect(host.factsOf("breaker")).toEqual([{ type: "breaker", scope: "cluster", id: 0, state: "OPEN" }]);
    expect(host.sentOf("CIRCUIT").map(({ to, message }) => [to, message.action])).toEqual([
      [first, "OPEN"],
      [ORCHESTRATOR, "OPEN"],
    ]);
  });

  it("a failure whose report was lost is counted by the next summary", () => {
    const { host, first } = opened();
    host.deliver(first, clusterSummary(0, { failures: 6 }));
    expect(host.factsOf("breaker")).toHaveLength(1);
  });

  it("an operation leaves it out: targeted and not sent", () => {
    const { host, first, second, fail } = opened();
    fail(6);
    host.deliver(ORCHESTRATOR, coordinate({ messageId: 5, depth: 2, remainingMs: 500 }));
    host.finish();
    const sent = host.sentOf("COORDINATE");
    expect(sent.map(({ to }) => to)).toEqual([second]);
    const { message } = sent[0]!;
    const tally = { targeted: 30, sent: 30, ready: 30, conflict: 0 };
    host.deliver(second, {
      type: "ACK",
      messageId: message.messageId,
      correlationId: message.correlationId,
      agentId: second,
      trinaryState: 1,
      actualArrivalMs: 0,
      processingTimeMs: 0,
      heldMs: 0,
      conflict: undefined,
      resultHash: 0,
      tally,
      leadTimes: undefined,
      lamport: 1,
    });
    host.advance(5_000);
    const [answer] = host.sentOf("ACK").map((ack) => ack.message);
    expect(answer).toMatchObject({ trinaryState: 0, tally: { targeted: 60, sent: 30, ready: 30, conflict: 0 } });
    expect(first).not.toBe(second);
  });

  it("the probe is a real message, answered by the lead by how its agents are", () => {
    const { host, first, fail } = opened();
    fail(6);
    host.advance(31_000);
    expect(host.sentOf("PROBE").map(({ to }) => to)).toEqual([first]);
    const { challenge } = host.sentOf("PROBE")[0]!.message;
    host.deliver(first, { type: "PROBE_ACK", challenge, result: 0, activeRate: 0.9 });
    expect(host.factsOf("breaker").map(({ state }) => state)).toEqual(["OPEN", "HALF_OPEN"]);
    host.advance(61_000);
    expect(host.factsOf("breaker").map(({ state }) => state)).toEqual(["OPEN", "HALF_OPEN", "CLOSED"]);
    const lead = leadOn(repaired, 4);
    for (const agent of lead.agents.slice(0, 3)) lead.hear(agent);
    lead.host.deliver(1, { type: "PROBE", challenge: 3 });
    expect(lead.host.sentOf("PROBE_ACK")[0]).toMatchObject({ to: 1, message: { challenge: 3, activeRate: 0.75 } });
  });

  it("where most agents are not active, the probe has failed", () => {
    const { host, first, fail } = opened();
    fail(6);
    host.advance(31_000);
    host.deliver(first, { type: "PROBE_ACK", challenge: 31, result: 0, activeRate: 0.5 });
    expect(host.factsOf("breaker")).toHaveLength(1);
  });

  it("an order that was lost on its way to the lead is repeated when its summary shows it", () => {
    const { host, first, fail } = opened();
    fail(6);
    const before = host.sentOf("CIRCUIT").length;
    host.deliver(first, clusterSummary(0, { failures: 6, circuit: "OPEN" }));
    expect(host.sentOf("CIRCUIT")).toHaveLength(before);
    host.deliver(first, clusterSummary(0, { failures: 6, circuit: "CLOSED" }));
    expect(host.sentOf("CIRCUIT").slice(before)).toMatchObject([{ to: first, message: { action: "OPEN" } }]);
  });

  it("half-open lets every fifth single message through", () => {
    const { host, lead, agents, hear } = leadOn(repaired, 1);
    hear(agents[0]!);
    const order = (action: CircuitOrder["action"], scope: Scope = "cluster"): CircuitOrder => ({
      type: "CIRCUIT",
      action,
      scope,
      targetId: 0,
      byHand: false,
      reason: "test",
    });
    host.deliver(1, order("OPEN"));
    host.deliver(1, order("HALF_OPEN"));
    for (let i = 0; i < 10; i++) lead.submit(TASK);
    expect(host.sentOf("COORDINATE")).toHaveLength(2);
  });

  it("a breaker that was open when its coordinator crashed is open when it comes back, and is probed", () => {
    const { host, topology, fail } = opened();
    fail(6);
    const again = coordinatorOn(repaired, topology);
    again.coordinator.start(host.saved);
    expect(again.host.factsOf("breaker").map(({ id, state }) => [id, state])).toEqual([[0, "OPEN"]]);
    again.host.advance(31_000);
    expect(again.host.sentOf("PROBE")).toHaveLength(1);
  });
});

describe("MESH-30K 6.2: breakers of sectors and of the mesh are held by the orchestrator", () => {
  const mesh = (sectors = 12) => {
    const topology = new Topology(shapeOf(sectors, 1, { B: sectors * 10 }));
    const { host, orchestrator } = orchestratorOn(repaired, topology);
    const fail = (sector: number, failures: number) => host.deliver(1 + sector, sectorSummary(sector, { failures }));
    return { host, orchestrator, fail };
  };
  const wave = { strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "act", priority: 2 } as const;

  it("more than 50 failures open a sector's; every coordinator is told; a wave leaves it out", () => {
    const { host, orchestrator, fail } = mesh();
    fail(3, 50);
    expect(host.factsOf("breaker")).toEqual([]);
    fail(3, 51);
    expect(host.factsOf("breaker")).toEqual([{ type: "breaker", scope: "sector", id: 3, state: "OPEN" }]);
    expect(host.sentOf("CIRCUIT").map(({ to }) => to)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    orchestrator.cascade(wave);
    expect(host.sentOf("COORDINATE").map(({ to }) => to)).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("more than ten open sectors open the mesh's: no operation starts, and that is told", () => {
    const { host, orchestrator, fail } = mesh();
    for (let sector = 0; sector < 10; sector++) fail(sector, 51);
    expect(orchestrator.cascade(wave)).toBe(true);
    fail(10, 51);
    expect(host.factsOf("breaker").at(-1)).toEqual({ type: "breaker", scope: "global", id: 0, state: "OPEN" });
    expect(orchestrator.cascade(wave)).toBe(false);
    expect(host.factsOf("operation-refused")).toMatchObject([{ scope: "global", reason: "circuit" }]);
  });

  it("the mesh's is closed again when most coordinators answer its probe in good health", () => {
    const { host, orchestrator, fail } = mesh();
    for (let sector = 0; sector < 11; sector++) fail(sector, 51);
    for (let second = 0; second < 200; second++) {
      const before = host.sentOf("PROBE").length;
      host.advance(1_000);
      // They report meanwhile, or they would count as silent, and the mesh as in an emergency (6.3).
      for (let sector = 0; sector < 12; sector++) fail(sector, sector < 11 ? 51 : 0);
      for (const { to, message } of host.sentOf("PROBE").slice(before)) {
        host.deliver(to, { type: "PROBE_ACK", challenge: message.challenge, result: 0, activeRate: 1 });
      }
    }
    const global = host.factsOf("breaker").filter(({ scope }) => scope === "global");
    expect(global.map(({ state }) => state)).toEqual(["OPEN", "HALF_OPEN", "CLOSED"]);
    expect(orchestrator.cascade(wave)).toBe(true);
  });

  it("a cluster's breaker that a coordinator has opened is made known to all others", () => {
    const { host } = mesh(3);
    const order = {
      type: "CIRCUIT",
      action: "OPEN",
      scope: "cluster",
      targetId: 1,
      byHand: false,
      reason: "breaker OPEN",
    } as const;
    host.deliver(2, order);
    expect(host.sentOf("CIRCUIT").map(({ to }) => to)).toEqual([1, 3]);
  });
});

describe("MESH-30K 6.2: who has missed an order, or has forgotten it, learns it again", () => {
  const topology = new Topology(shapeOf(2, 2, { B: 120 }));
  const [first] = topology.clusters.map(({ lead }) => lead) as [Address];
  const order = (action: CircuitOrder["action"], scope: Scope, targetId: number, byHand = true): CircuitOrder => ({
    type: "CIRCUIT",
    action,
    scope,
    targetId,
    byHand,
    reason: "in force",
  });
  const mapWith = (circuits: readonly CircuitOrder[]) =>
    ({ type: "MAP", clusterCount: 0, index: new CapabilityIndex([]), circuits }) as const;
  /** To whom a coordinator with this replica passes an operation on. */
  const reached = ({ host }: ReturnType<typeof coordinatorOn>) => {
    const before = host.sentOf("COORDINATE").length;
    host.deliver(ORCHESTRATOR, coordinate({ messageId: before + 5, depth: 2, remainingMs: 500 }));
    host.finish();
    return host
      .sentOf("COORDINATE")
      .slice(before)
      .map(({ to }) => to);
  };

  it.each([
    ["the mesh", order("OPEN", "global", 0)],
    ["its sector", order("OPEN", "sector", 0)],
    ["a cluster, by hand", order("OPEN", "cluster", 0)],
  ])("a coordinator that crashes while %s is cut off does not let its leads in again", (_, circuit) => {
    const { host } = coordinatorOn(repaired, topology);
    host.deliver(ORCHESTRATOR, circuit);
    const again = coordinatorOn(repaired, topology);
    again.coordinator.start(host.saved);
    again.host.deliver(first, clusterSummary(0, { circuit: "OPEN" }));
    expect(again.host.sentOf("CIRCUIT")).toEqual([]);
    expect(reached(again)).not.toContain(first);
  });

  it("a coordinator that knows nothing says nothing, until the orchestrator's map tells it what is cut off", () => {
    const { host } = coordinatorOn(repaired, topology);
    host.deliver(first, clusterSummary(0, { circuit: "OPEN" }));
    expect(host.sentOf("CIRCUIT")).toEqual([]);
    host.deliver(ORCHESTRATOR, mapWith([]));
    host.deliver(first, clusterSummary(0, { circuit: "OPEN" }));
    const told = host.sentOf("CIRCUIT").map(({ message: { action, scope, byHand } }) => [action, scope, byHand]);
    expect(told).toEqual(
      [false, true].flatMap((byHand) => ["cluster", "sector", "global"].map((scope) => ["CLOSE", scope, byHand])),
    );
  });

  it("a coordinator that has missed orders goes by the map", () => {
    const desk = coordinatorOn(repaired, topology);
    desk.host.deliver(ORCHESTRATOR, mapWith([order("OPEN", "cluster", 0)]));
    expect(reached(desk)).not.toContain(first);
    desk.host.deliver(ORCHESTRATOR, mapWith([order("OPEN", "cluster", 3)]));
    expect(reached(desk)).toContain(first);
  });

  it("of its own clusters a coordinator goes by its own breakers, whatever an older map says", () => {
    const desk = coordinatorOn(repaired, topology);
    const fail = { type: "FAILURE", failure: "AGENT_CRASH", node: 9, isEscalated: false, total: 6 } as const;
    desk.host.deliver(first, fail);
    desk.host.deliver(ORCHESTRATOR, mapWith([]));
    expect(reached(desk)).not.toContain(first);
  });

  it("a lead that has forgotten that its sector is cut off is told", () => {
    const { host } = coordinatorOn(repaired, topology);
    host.deliver(ORCHESTRATOR, mapWith([order("OPEN", "sector", 0)]));
    host.deliver(first, clusterSummary(0, { circuit: "CLOSED" }));
    const told = host.sentOf("CIRCUIT").filter(({ to, message }) => to === first && message.action === "OPEN");
    expect(told).toMatchObject([{ message: { scope: "sector", byHand: true } }]);
  });

  it.each([
    ["half-open", "CLOSED", [order("HALF_OPEN", "cluster", 0)], true],
    ["half-open", "OPEN", [order("HALF_OPEN", "cluster", 0)], true],
    ["half-open", "HALF_OPEN", [order("HALF_OPEN", "cluster", 0)], false],
    ["closed", "HALF_OPEN", [], true],
    ["closed", "CLOSED", [], false],
    ["open", "HALF_OPEN", [order("HALF_OPEN", "cluster", 0), order("OPEN", "sector", 0, false)], true],
  ] as const)(
    "where its circuit is %s, a lead that takes it for %s is put right, and only then",
    (_, circuit, orders, isTold) => {
      const { host } = coordinatorOn(repaired, topology);
      host.deliver(ORCHESTRATOR, mapWith(orders));
      host.deliver(first, clusterSummary(0, { circuit }));
      const board = new CircuitBoard();
      if (circuit !== "CLOSED") board.apply(order(circuit, "cluster", 0, false));
      const told = host.sentOf("CIRCUIT").filter(({ to }) => to === first);
      expect(told.length > 0).toBe(isTold);
      for (const { message } of told) board.apply(message);
      if (isTold) expect(new Set(board.turned())).toEqual(new Set(orders));
    },
  );

  it("a coordinator that does not hear a cluster says nothing of its breaker: another one, in office too, may", () => {
    const { host } = orchestratorOn(repaired, topology);
    const [circuit] = [order("OPEN", "cluster", 0, false)];
    host.deliver(1, sectorSummary(0, { circuits: [circuit] }));
    host.deliver(1, sectorSummary(0, { silentClusters: [0] }));
    host.advance(30_000);
    expect(host.sentOf("MAP").at(-1)!.message.circuits).toEqual([circuit]);
    const desk = coordinatorOn(repaired, topology);
    desk.host.advance(60_000);
    const silent = desk.host.sentOf("SECTOR_SUMMARY").map(({ message }) => message.silentClusters);
    expect(silent[0]).toEqual([]);
    expect(silent.at(-1)).toEqual([0, 1]);
  });

  it("an orchestrator that has just come up names what was cut off before it has heard of it", () => {
    const { host } = orchestratorOn(repaired, topology);
    host.deliver(1, sectorSummary(0, { circuits: [order("OPEN", "cluster", 0, false)] }));
    host.deliver(2, order("OPEN", "cluster", 2, false));
    host.advance(1_000);
    const again = orchestratorOn(repaired, topology);
    again.orchestrator.start(host.saved);
    again.host.advance(30_000);
    const [map] = again.host.sentOf("MAP");
    expect(map!.message.circuits.map(({ targetId }) => targetId)).toEqual([0, 2]);
  });

  it("the orchestrator goes by a coordinator's summaries: what they name is in force, what they do not is no more", () => {
    const { host } = coordinatorOn(repaired, topology);
    host.deliver(first, { type: "FAILURE", failure: "AGENT_CRASH", node: 9, isEscalated: false, total: 6 });
    for (let second = 0; second < 240; second++) {
      const before = host.sentOf("PROBE").length;
      host.advance(1_000);
      for (const { to, message } of host.sentOf("PROBE").slice(before)) {
        host.deliver(to, { type: "PROBE_ACK", challenge: message.challenge, result: 0, activeRate: 1 });
      }
    }
    const told = host
      .sentOf("SECTOR_SUMMARY")
      .map(({ message }) => message.circuits.map(({ action }) => action).join());
    expect([...new Set(told)]).toEqual(["OPEN", "HALF_OPEN", ""]);
    const { host: above } = orchestratorOn(repaired, topology);
    const mapped = () => {
      above.advance(30_000);
      return above.sentOf("MAP").at(-1)!.message.circuits;
    };
    const [own, other] = [order("OPEN", "cluster", 0, false), order("OPEN", "cluster", 2, false)];
    above.deliver(1, sectorSummary(0, { circuits: [own] }));
    above.deliver(2, other);
    expect(mapped()).toEqual([own, other]);
    above.deliver(1, sectorSummary(0));
    expect(mapped()).toEqual([other]);
  });

  it("an order by hand and a breaker do not undo each other: the stricter of the two is obeyed", () => {
    const board = new CircuitBoard();
    board.apply(order("OPEN", "cluster", 0));
    board.apply(order("HALF_OPEN", "cluster", 0, false));
    expect(board.isOpen(0, 0)).toBe(true);
    board.apply(order("CLOSE", "cluster", 0, false));
    expect(board.isOpen(0, 0)).toBe(true);
    board.apply(order("OPEN", "cluster", 0, false));
    board.apply(order("CLOSE", "cluster", 0));
    expect(board.isOpen(0, 0)).toBe(true);
    board.apply(order("CLOSE", "cluster", 0, false));
    expect(board.turned()).toEqual([]);
    const { host, orchestrator } = orchestratorOn(repaired, topology);
    orchestrator.setCircuit(order("OPEN", "cluster", 0));
    host.deliver(1, sectorSummary(0, { circuits: [order("HALF_OPEN", "cluster", 0, false)] }));
    host.deliver(1, sectorSummary(0));
    host.advance(30_000);
    expect(host.sentOf("MAP").at(-1)!.message.circuits).toEqual([order("OPEN", "cluster", 0)]);
  });

  it("half-open lets every fifth message through, however many maps say so again", () => {
    const board = new CircuitBoard();
    const halfOpen = [order("HALF_OPEN", "cluster", 0, false)];
    let through = 0;
    for (let message = 0; message < 60; message++) {
      board.replaceAll(halfOpen);
      if (board.isRoutable(0, 0)) through++;
      board.noteMessage();
    }
    expect(through).toBe(12);
  });

  it("an order by hand outlives the orchestrator that passed it on, and the one before in office", () => {
    const { host, orchestrator } = orchestratorOn(repaired, topology);
    orchestrator.setCircuit(order("OPEN", "cluster", 1));
    expect(orchestrator.officeState().resilience.circuits).toEqual([order("OPEN", "cluster", 1)]);
    const again = orchestratorOn(repaired, topology);
    again.orchestrator.start(host.saved);
    again.host.advance(30_000);
    expect(again.host.sentOf("MAP").at(-1)!.message.circuits).toEqual([order("OPEN", "cluster", 1)]);
  });
});

describe("MESH-30K part 6, through a whole mesh on fake machines", () => {
  it("a cluster whose agents all fall silent is isolated, and served again when they are back", () => {
    const mesh = new FakeMesh(shapeOf(2, 2, { B: 40 }), repaired, { delayMs: 20, serviceMs: 40 });
    const { firstAgent, size } = mesh.topology.clusters[0]!;
    const isIn = (address: Address) => address >= firstAgent && address < firstAgent + size;
    mesh.run(60_000);
    mesh.loses = ({ from, to }) => isIn(from) || isIn(to);
    mesh.run(60_000);
    const facts = () => mesh.hosts.flatMap((host) => host.facts);
    const states = () =>
      facts().flatMap((fact) => (fact.type === "breaker" && fact.scope === "cluster" ? [[fact.id, fact.state]] : []));
    expect(states()).toEqual([[0, "OPEN"]]);
    mesh.loses = () => false;
    mesh.run(240_000);
    expect(states().at(-1)).toEqual([0, "CLOSED"]);
    const of = (type: string) => facts().filter((fact) => fact.type === type).length;
    expect(of("failure-detected")).toBeGreaterThan(0);
    expect(mesh.orchestrator.status().activeRate).toBe(1);
  });
});
