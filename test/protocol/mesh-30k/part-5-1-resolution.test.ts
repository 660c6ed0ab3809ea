/** MESH-30K 5.1: every strategy carried out with real messages, end to end, on a small mesh of fake machines. */
import { describe, expect, it } from "vitest";
import type { OfficeState } from "../../../protocol/mesh-30k/authority/office-state.js";
import { ClusterLead } from "../../../protocol/mesh-30k/cluster-lead.js";
import { stampOf } from "../../../protocol/mesh-30k/conflicts/lamport.js";
import type { Verb } from "../../../protocol/mesh-30k/messages.js";
import { SectorCoordinator } from "../../../protocol/mesh-30k/sector-coordinator.js";
import { type Delivery, FakeMesh } from "./fake-mesh.js";
import { acknowledge, coordinate, impedanceOf, optionsWith, PARAMETERS, shapeOf, TASK } from "./fixtures.js";

const TIMES = { delayMs: 10, serviceMs: 10 };
const repaired = optionsWith("repaired");

/** One cluster of 20 agents from address 3: orchestrator 0, coordinator 1, lead 2. Everybody has been heard. */
function smallMesh(options = repaired, times: ConstructorParameters<typeof FakeMesh>[2] = TIMES) {
  const mesh = new FakeMesh(shapeOf(1, 1, { B: 20 }), options, times);
  mesh.run(6_000);
  return mesh;
}

function cascade(mesh: FakeMesh, verb: Verb): void {
  mesh.orchestrator.cascade({ strategy: "wave", windowMs: 500, payloadWeight: 0, verb, priority: 3 });
  mesh.run(4_000);
}

const LEAD = 2;
const AGENT = 7;

const isTo =
  (agent: number, type = "COORDINATE") =>
  ({ to, message }: Delivery) =>
    to === agent && message.type === type;

/** What the node logged, and how that ended. */
function books(mesh: FakeMesh, node: number) {
  const host = mesh.hosts[node]!;
  const logged = host.factsOf("conflict-logged");
  const resolved = host.factsOf("conflict-resolved");
  const sum = resolved.reduce((total, { members }) => total + members, 0);
  const held = [...host.facts].findLast((fact) => fact.type === "conflict-logged" || fact.type === "conflict-resolved");
  expect(logged.length - sum).toBe(held === undefined ? 0 : (held as { held: number }).held);
  return {
    logged: logged.map(({ conflictType, priority }) => `${conflictType} ${priority}`),
    ends: resolved.map(({ method, outcome }) => `${method} ${outcome}`),
    open: logged.length - sum,
    resolved,
  };
}

/** Hands an agent two contexts that nobody ever decided on. */
function lead2Astray(mesh: FakeMesh, agent: number, eachMs = 1_000): void {
  for (const payload of ["nobody's", "nobody's either"]) {
    mesh.hosts[agent]!.deliver(
      LEAD,
      coordinate({ messageId: payload.length, correlationId: -1, verb: "sync", payload }),
    );
    mesh.run(eachMs);
  }
}

/** What an agent says of a message that nobody knows any more, so that the lead can but ask. */
function findFault(mesh: FakeMesh): void {
  const conflict = { type: "HASH_MISMATCH", expected: "1", received: "2" } as const;
  const message = coordinate({ messageId: 10_000, correlationId: -1 });
  mesh.hosts[LEAD]!.deliver(AGENT, acknowledge(message, AGENT, { trinaryState: -1, conflict }));
  mesh.run(1_000);
}

function startCoordinatorAnew(mesh: FakeMesh): void {
  const host = mesh.hosts[1]!;
  host.run(new SectorCoordinator(host, mesh.topology.sectors[0]!, mesh.topology, repaired, PARAMETERS));
}

/** The network delivers an older sync to an agent after the newer one. */
function overtaken(mesh: FakeMesh, loses: (delivery: Delivery) => boolean = () => false): void {
  const held: Delivery[] = [];
  mesh.loses = (delivery) => isTo(AGENT)(delivery) && held.push(delivery) > 0;
  cascade(mesh, "sync");
  mesh.loses = () => false;
  cascade(mesh, "sync");
  mesh.loses = loses;
  mesh.hosts[AGENT]!.deliver(held[0]!.from, held[0]!.message);
  mesh.run(4_000);
}

describe("MESH-30K 5.1, BRANCH_AND_RECONCILE", () => {
  it("an agent that missed two syncs is brought forward", () => {
    const mesh = smallMesh();
    mesh.loses = isTo(AGENT);
    for (let i = 0; i < 3; i++) cascade(mesh, "sync");
    mesh.loses = () => false;
    cascade(mesh, "act");
    expect(books(mesh, LEAD)).toMatchObject({
      logged: ["CONTEXT_DIVERGENCE 2"],
      ends: ["BRANCH_AND_RECONCILE agent-brought-forward"],
      open: 0,
    });
    cascade(mesh, "act");
    expect(books(mesh, LEAD).logged).toHaveLength(1);
    expect(mesh.hosts[AGENT]!.factsOf("ready").at(-1)!.trinaryState).toBe(1);
  });

  it("a lead that never heard that two syncs were taken in is brought forward itself, and no agent goes back", () => {
    const mesh = smallMesh();
    cascade(mesh, "sync");
    mesh.loses = ({ to, message }) => to === LEAD && message.type === "ACK";
    for (let i = 0; i < 2; i++) cascade(mesh, "sync");
    mesh.loses = () => false;
    mesh.leads[0]!.submit(TASK);
    mesh.run(4_000);
    expect(books(mesh, LEAD)).toMatchObject({
      logged: ["CONTEXT_DIVERGENCE 2"],
      ends: ["BRANCH_AND_RECONCILE authority-brought-forward"],
    });
    mesh.leads[0]!.submit(TASK);
    mesh.run(4_000);
    expect(books(mesh, LEAD).logged).toHaveLength(1);
    const reloads = mesh
      .deliveredOf("COORDINATE")
      .filter(({ message }) => message.verb === "sync" && message.correlationId < 0);
    expect(reloads).toEqual([]);
  });

  it("of 11 syncs and more apart, the sector is told", () => {
    const mesh = smallMesh();
    mesh.loses = isTo(AGENT);
    for (let i = 0; i < 11; i++) cascade(mesh, "sync");
    mesh.loses = () => false;
    cascade(mesh, "act");
    expect(books(mesh, LEAD)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 3"], open: 0 });
    expect(books(mesh, 1)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 3"], open: 0 });
    expect(books(mesh, 0).logged).toEqual([]);
  });

  it("what nobody above knows is irreconcilable: handed up, and the lead's context stands", () => {
    const mesh = smallMesh();
    cascade(mesh, "sync");
    lead2Astray(mesh, AGENT);
    cascade(mesh, "act");
    mesh.run(10_000);
    expect(books(mesh, LEAD)).toMatchObject({
      logged: ["CONTEXT_DIVERGENCE 2"],
      ends: ["BRANCH_AND_RECONCILE authority-stands"],
      open: 0,
    });
    expect(books(mesh, 1)).toMatchObject({ open: 0 });
    expect(books(mesh, 0)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 2"], open: 0 });
    cascade(mesh, "act");
    expect(mesh.hosts[AGENT]!.factsOf("ready").at(-1)!.trinaryState).toBe(1);
  });

  it("what the orchestrator alone knows brings lead and coordinator forward, and no agent back", () => {
    const mesh = smallMesh();
    const passesBy = { strategy: "parallel", windowMs: 500, payloadWeight: 0, verb: "sync", priority: 3 } as const;
    mesh.loses = ({ message }) => message.type === "COORDINATE" && message.routingStrategy === "broadcast";
    for (let i = 0; i < 2; i++) {
      mesh.orchestrator.cascade(passesBy);
      mesh.run(4_000);
    }
    mesh.leads[0]!.submit(TASK);
    mesh.run(4_000);
    for (const node of [LEAD, 1, 0]) {
      expect(books(mesh, node)).toMatchObject({
        logged: ["CONTEXT_DIVERGENCE 2"],
        ends: ["BRANCH_AND_RECONCILE authority-brought-forward"],
        open: 0,
      });
    }
    mesh.leads[0]!.submit(TASK);
    mesh.run(4_000);
    expect(books(mesh, LEAD).logged).toHaveLength(1);
  });

  it("and where there are people, one of them is given it to review", () => {
    const mesh = new FakeMesh(shapeOf(1, 2, { B: 20, F: 2 }), repaired, TIMES);
    mesh.run(6_000);
    cascade(mesh, "sync");
    const agent = mesh.topology.clusters.find(({ agentClass }) => agentClass === "B")!.firstAgent;
    lead2Astray(mesh, agent);
    cascade(mesh, "act");
    mesh.run(10_000);
    const reviews = mesh.deliveredOf("COORDINATE").filter(({ message }) => message.payload.startsWith("review"));
    expect(reviews).toHaveLength(1);
    expect(mesh.topology.clusterOf(reviews[0]!.to).agentClass).toBe("F");
    expect(mesh.hosts[1]!.factsOf("conflict-put-to-people")).toHaveLength(1);
  });

  it("an agent to which an earlier process of the coordinator sent is within reach of the next", () => {
    const mesh = smallMesh();
    mesh.run(6_000);
    cascade(mesh, "sync");
    for (let agent = 3; agent < 23; agent++) lead2Astray(mesh, agent, 50);
    mesh.loses = ({ message }) => message.type.startsWith("CONFLICT");
    mesh.coordinators[0]!.submit(TASK);
    mesh.run(1_000);
    expect(books(mesh, 1)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 2"], open: 1 });
    mesh.loses = () => false;
    startCoordinatorAnew(mesh);
    mesh.run(4_000);
    expect(books(mesh, 1)).toMatchObject({ ends: ["BRANCH_AND_RECONCILE authority-stands"], open: 0 });
    const [ready] = mesh.hosts.flatMap((host) => host.factsOf("ready")).slice(-1);
    expect(ready).toMatchObject({ trinaryState: 1 });
  });

  it("with a verdict, a case ends although nobody has ever issued a sync, a minute later", () => {
    const mesh = smallMesh();
    lead2Astray(mesh, AGENT);
    cascade(mesh, "act");
    expect(books(mesh, LEAD)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 2"], open: 1 });
    mesh.run(120_000);
    for (const node of [LEAD, 1, 0]) {
      expect(books(mesh, node)).toMatchObject({ ends: ["BRANCH_AND_RECONCILE authority-stands"], open: 0 });
    }
  });

  it("an agent that is silent keeps its conflict open, with the level above", () => {
    const mesh = smallMesh();
    mesh.loses = isTo(AGENT);
    for (let i = 0; i < 3; i++) cascade(mesh, "sync");
    mesh.loses = isTo(AGENT, "CONFLICT_TRACE");
    cascade(mesh, "act");
    expect(books(mesh, LEAD).open).toBe(1);
  });
});

describe("MESH-30K 5.1, PROVENANCE_TRACE", () => {
  /** Somebody at `source` fills the slot of the mesh's second operation before the orchestrator does. */
  function contradict(mesh: FakeMesh, source: number, stamp: number): void {
    cascade(mesh, "sync");
    const usurped = { messageId: 99, correlationId: 2 * 16 + 2, verb: "sync", payload: "another map", stamp } as const;
    mesh.hosts[AGENT]!.deliver(source, coordinate({ ...usurped, sourceId: source, lamport: 1_000 }));
    mesh.run(100);
    cascade(mesh, "sync");
  }

  it("the value that more have confirmed wins, the agent is given it and the weaker source told", () => {
    const mesh = new FakeMesh(shapeOf(1, 2, { B: 20, C: 20 }), repaired, TIMES);
    mesh.run(6_000);
    const { lead } = mesh.topology.clusterOf(AGENT);
    const other = mesh.topology.clusters.find((cluster) => cluster.lead !== lead)!.lead;
    contradict(mesh, other, stampOf(50, other));
    expect(books(mesh, lead)).toMatchObject({
      logged: ["DATA_CONTRADICTION 2"],
      ends: ["PROVENANCE_TRACE authority-stands"],
    });
    const verdicts = mesh.deliveredOf("CONFLICT_VERDICT").filter(({ to }) => to === other);
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]!.message.stands).toMatchObject({ payload: "sync 2", confirmations: 19 });
    cascade(mesh, "act");
    expect(mesh.hosts[AGENT]!.factsOf("ready").at(-1)!.trinaryState).toBe(1);
  });
});

describe("MESH-30K 5.1, CLOCK_RECONCILIATION", () => {
  it("Lamport order decides: the newer context stands, and every level has heard of it", () => {
    const mesh = smallMesh();
    overtaken(mesh);
    const { resolved, ...lead } = books(mesh, LEAD);
    expect(lead).toMatchObject({
      logged: ["TEMPORAL_PARADOX 4"],
      ends: ["CLOCK_RECONCILIATION held-stands"],
      open: 0,
    });
    expect(resolved[0]!.drifting).toBeUndefined();
    for (const above of [1, 0]) expect(books(mesh, above)).toMatchObject({ logged: ["TEMPORAL_PARADOX 4"], open: 0 });
    cascade(mesh, "act");
    expect(mesh.hosts[AGENT]!.factsOf("ready").at(-1)!.trinaryState).toBe(1);
  });

  it("the owner of the clock that is off is named", () => {
    for (const [owner, aheadMs] of [
      [AGENT, 5_000],
      [LEAD, -5_000],
      [1, 60_000],
    ] as const) {
      const mesh = smallMesh(repaired, { ...TIMES, clockOffsetMs: (address) => (address === owner ? aheadMs : 0) });
      overtaken(mesh);
      expect(books(mesh, LEAD).resolved.map(({ drifting }) => drifting)).toEqual([owner]);
    }
  });
});

describe("MESH-30K 5.1, REROUTE", () => {
  /** The lead is told that an agent can do what it cannot. */
  function misled(mesh: FakeMesh, capability: string): void {
    const lead = mesh.topology.clusterOf(AGENT).lead;
    const impedance = impedanceOf(AGENT, { impedanceScore: 1, processingMs: 1, capabilities: ["api", capability] });
    mesh.hosts[lead]!.deliver(AGENT, { type: "HEARTBEAT", agentId: AGENT, timestampMs: 0, impedance, grant: 0 });
    mesh.leads[lead - mesh.topology.firstLead]!.submit({ ...TASK, capability });
    mesh.run(2_000);
  }

  it("the coordinator gives the work to another cluster where the lead has nobody, and the record is corrected", () => {
    const mesh = new FakeMesh(shapeOf(1, 2, { B: 20, D: 5 }), repaired, TIMES);
    mesh.run(12_000);
    const { lead } = mesh.topology.clusterOf(AGENT);
    expect(mesh.topology.clusterOf(AGENT).agentClass).toBe("B");
    misled(mesh, "vision");
    expect(books(mesh, lead)).toMatchObject({
      logged: ["CAPABILITY_MISMATCH 1"],
      ends: ["REROUTE done-elsewhere"],
      open: 0,
    });
    const done = mesh.hosts.filter((host) => host.factsOf("ready").some((fact) => fact.trinaryState === 1));
    expect(done.map((host) => mesh.topology.clusterOf(host.self).agentClass)).toEqual(["D"]);
    mesh.leads[lead - mesh.topology.firstLead]!.submit({ ...TASK, capability: "vision" });
    expect(mesh.hosts[lead]!.factsOf("no-capable-agent")).toHaveLength(1);
  });

  it("stays open where nobody on the mesh can do it and there are no people to ask", () => {
    const mesh = smallMesh();
    misled(mesh, "vision");
    mesh.run(10_000);
    for (const node of [LEAD, 1, 0])
      expect(books(mesh, node)).toMatchObject({ logged: ["CAPABILITY_MISMATCH 1"], open: 1 });
  });
});

describe("MESH-30K 5.1, VERIFY_AND_RESEND", () => {
  /** Damages the next so many single messages of the lead on their way. */
  function damage(mesh: FakeMesh, times: number, isHit = (_delivery: Delivery) => true): void {
    let left = times;
    mesh.loses = (delivery) => {
      const { from, to, message } = delivery;
      if (message.type !== "COORDINATE" || !mesh.topology.isAgent(to) || !isHit(delivery) || left-- <= 0) return false;
      const hash = message.payloadHash;
      mesh.hosts[to]!.deliver(from, coordinate({ ...facts(message), payload: "garbage", payloadHash: hash }));
      return true;
    };
  }
  const facts = (message: Extract<Delivery["message"], { type: "COORDINATE" }>) => {
    const { messageId, correlationId, sourceId, requiresCapabilities, routingStrategy, lamport, verb } = message;
    return { messageId, correlationId, sourceId, requiresCapabilities, routingStrategy, lamport, verb };
  };

  it("the original is sent again from its source, and every level has heard of it", () => {
    const mesh = smallMesh();
    damage(mesh, 1);
    mesh.leads[0]!.submit(TASK);
    mesh.run(4_000);
    expect(books(mesh, LEAD)).toMatchObject({
      logged: ["HASH_MISMATCH 4"],
      ends: ["VERIFY_AND_RESEND done-again"],
      open: 0,
    });
    for (const above of [1, 0]) expect(books(mesh, above)).toMatchObject({ logged: ["HASH_MISMATCH 4"], open: 0 });
  });

  it("what nobody knows any more cannot be sent again, and ends with the verdict of the levels above", () => {
    const mesh = smallMesh();
    findFault(mesh);
    for (const node of [LEAD, 1, 0]) {
      expect(books(mesh, node)).toMatchObject({
        logged: ["HASH_MISMATCH 4"],
        ends: ["VERIFY_AND_RESEND authority-stands"],
        open: 0,
      });
    }
  });

  it("an agent that gets it damaged time and again is suspected, and another one does the work", () => {
    const mesh = smallMesh();
    let hit: number | undefined;
    const suspected: [number, number][] = [];
    mesh.leads[0]!.suspect = (agent: number, mismatches?: number) => {
      suspected.push([agent, mismatches!]);
    };
    damage(mesh, 100, ({ to }) => {
      hit ??= to;
      return to === hit;
    });
    mesh.leads[0]!.submit(TASK);
    mesh.run(10_000);
    expect(books(mesh, LEAD)).toMatchObject({ ends: ["VERIFY_AND_RESEND done-elsewhere"], open: 0 });
    expect(books(mesh, LEAD).logged).toHaveLength(4);
    expect(suspected).toEqual([[hit, 3]]);
    const done = mesh.hosts.filter((host) => host.factsOf("ready").some((fact) => fact.trinaryState === 1));
    expect(done.map(({ self }) => self)).not.toContain(hit);
    expect(done).toHaveLength(1);
  });
});

describe("MESH-30K 5.1: no conflict is lost between two levels", () => {
  it("a report that the network loses is sent again until it is noted", () => {
    const mesh = smallMesh();
    let losses = 0;
    cascade(mesh, "sync");
    lead2Astray(mesh, AGENT);
    mesh.loses = ({ message }) =>
      message.type.startsWith("CONFLICT") && message.type !== "CONFLICT_TRACE" && losses++ % 2 === 0;
    cascade(mesh, "act");
    mesh.run(120_000);
    expect(losses).toBeGreaterThan(4);
    for (const node of [LEAD, 1, 0]) {
      expect(books(mesh, node)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 2"], open: 0 });
    }
  });

  const isReportOrVerdict = ({ from, to, message }: Delivery) =>
    from === LEAD && to === 1 && (message.type === "CONFLICT" || message.type === "CONFLICT_VERDICT");

  it("a verdict is not sent before its report has been noted", () => {
    const mesh = smallMesh();
    let lost = 0;
    overtaken(mesh, (delivery) => isReportOrVerdict(delivery) && lost++ < 2);
    mesh.run(10_000);
    const heard = mesh.delivered.filter(isReportOrVerdict);
    expect(heard.map(({ message }) => message.type)).toEqual(["CONFLICT", "CONFLICT_VERDICT"]);
    for (const above of [1, 0]) expect(books(mesh, above)).toMatchObject({ logged: ["TEMPORAL_PARADOX 4"], open: 0 });
  });

  it("a report that comes after its verdict, which another process had noted it for, is settled at once, here and above", () => {
    const donor = smallMesh();
    overtaken(donor);
    const [report, verdict] = donor.delivered.filter(isReportOrVerdict);
    const mesh = smallMesh();
    for (const { message } of [verdict!, report!]) {
      mesh.hosts[1]!.deliver(LEAD, message);
      mesh.run(1_000);
    }
    for (const node of [1, 0]) {
      expect(books(mesh, node)).toMatchObject({
        logged: ["TEMPORAL_PARADOX 4"],
        ends: ["CLOCK_RECONCILIATION held-stands"],
        open: 0,
      });
    }
  });

  const isAsk = ({ from, message }: Delivery) => from === LEAD && message.type === "CONFLICT" && message.asks;

  it("who asks again for what was settled is told the verdict again, by a later process, too", () => {
    const mesh = smallMesh();
    findFault(mesh);
    expect(books(mesh, LEAD)).toMatchObject({ ends: ["VERIFY_AND_RESEND authority-stands"], open: 0 });
    const ask = mesh.delivered.find(isAsk)!;
    for (const times of [2, 3]) {
      mesh.hosts[1]!.deliver(LEAD, ask.message);
      mesh.run(1_000);
      const verdicts = mesh.deliveredOf("CONFLICT_VERDICT").filter(({ from, to }) => from === 1 && to === LEAD);
      expect(verdicts.map(({ message }) => message.outcome)).toEqual(new Array(times).fill("authority-stands"));
      expect(books(mesh, 1).logged).toEqual(["HASH_MISMATCH 4"]);
      startCoordinatorAnew(mesh);
    }
  });

  it("a question that the network loses is asked again, although the report has been noted", () => {
    const mesh = smallMesh();
    let lost = 0;
    mesh.loses = (delivery) => isAsk(delivery) && lost++ === 0;
    findFault(mesh);
    mesh.run(3_000);
    for (const node of [LEAD, 1, 0]) expect(books(mesh, node)).toMatchObject({ logged: ["HASH_MISMATCH 4"], open: 0 });
  });

  it("who hears nothing of what it has handed up asks again a minute later, of a machine that knows nothing, too", () => {
    const mesh = smallMesh();
    mesh.loses = ({ from, message }) => from === 0 && message.type === "CONFLICT_VERDICT";
    findFault(mesh);
    expect(books(mesh, LEAD).open).toBe(1);
    mesh.hosts[1]!.saved = undefined;
    startCoordinatorAnew(mesh);
    mesh.loses = () => false;
    mesh.run(70_000);
    expect(books(mesh, LEAD)).toMatchObject({ ends: ["VERIFY_AND_RESEND authority-stands"], open: 0 });
  });

  it("who asked is known to a later process, which settles the case for it", () => {
    const mesh = smallMesh();
    mesh.loses = ({ from, message }) => from === 0 && message.type === "CONFLICT_VERDICT";
    findFault(mesh);
    expect(books(mesh, 1).open).toBe(1);
    mesh.loses = () => false;
    startCoordinatorAnew(mesh);
    mesh.run(3_000);
    for (const node of [LEAD, 1, 0]) expect(books(mesh, node)).toMatchObject({ logged: ["HASH_MISMATCH 4"], open: 0 });
  });

  it("a level asks how a conflict ended that it was told of a minute ago and has heard nothing more of", () => {
    const mesh = smallMesh();
    overtaken(mesh, ({ from, message }) => from === LEAD && message.type === "CONFLICT_VERDICT");
    // The lead's machine is gone, and nobody has been told of what it had not sent.
    const host = mesh.hosts[LEAD]!;
    host.saved = undefined;
    host.run(new ClusterLead(host, mesh.topology.clusters[0]!, 1, repaired, PARAMETERS));
    mesh.loses = () => false;
    for (const above of [1, 0]) expect(books(mesh, above)).toMatchObject({ logged: ["TEMPORAL_PARADOX 4"], open: 1 });
    mesh.run(130_000);
    for (const above of [1, 0]) expect(books(mesh, above)).toMatchObject({ logged: ["TEMPORAL_PARADOX 4"], open: 0 });
  });

  it("and is told no end of one that is open, nor twice a different one", () => {
    const mesh = smallMesh();
    overtaken(mesh, isTo(AGENT, "CONFLICT_TRACE"));
    expect(books(mesh, LEAD).open).toBe(1);
    const { conflictId } = mesh.hosts[LEAD]!.factsOf("conflict-logged")[0]!;
    const inquiry = { type: "CONFLICT_TRACE", conflictId, hash: 0, verdictOn: "TEMPORAL_PARADOX", lamport: 1 } as const;
    const told = () => mesh.deliveredOf("CONFLICT_VERDICT").filter(({ from, to }) => from === LEAD && to === 1);
    mesh.hosts[LEAD]!.deliver(1, inquiry);
    mesh.run(100);
    expect(told()).toEqual([]);
    mesh.loses = () => false;
    mesh.run(60_000);
    mesh.hosts[LEAD]!.deliver(1, inquiry);
    mesh.run(100);
    expect(told().map(({ message }) => message.outcome)).toEqual(["held-stands", "held-stands"]);
  });

  describe("of what nobody has noted before a lead dies", () => {
    const SETTLED = { logged: ["TEMPORAL_PARADOX 4"], ends: ["CLOCK_RECONCILIATION held-stands"], open: 0 };

    function settledUnheard(isLost: (delivery: Delivery) => boolean): FakeMesh {
      const mesh = smallMesh();
      overtaken(mesh, (delivery) => delivery.from === LEAD && isLost(delivery));
      expect(books(mesh, LEAD)).toMatchObject(SETTLED);
      expect(books(mesh, 1).ends).toEqual([]);
      mesh.loses = () => false;
      return mesh;
    }

    const startLeadAnew = (mesh: FakeMesh, inherited?: OfficeState) => {
      const host = mesh.hosts[LEAD]!;
      const cluster = mesh.topology.clusters[0]!;
      const lead = host.run(new ClusterLead(host, cluster, 1, repaired, PARAMETERS, undefined, inherited));
      if (inherited !== undefined) lead.takeLeft(inherited.conflicts);
      mesh.run(1_000);
    };

    it.each<[string, (delivery: Delivery) => boolean]>([
      ["a verdict", ({ message }) => message.type === "CONFLICT_VERDICT"],
      [
        "a report, and its verdict,",
        ({ message }) => message.type === "CONFLICT" || message.type === "CONFLICT_VERDICT",
      ],
    ])("%s is sent again by the next process", (_, isLost) => {
      const mesh = settledUnheard(isLost);
      startLeadAnew(mesh);
      for (const above of [1, 0]) expect(books(mesh, above)).toMatchObject(SETTLED);
    });

    it("a verdict is sent again by the next in office", () => {
      const mesh = settledUnheard(({ message }) => message.type === "CONFLICT_VERDICT");
      const state = mesh.leads[0]!.officeState();
      mesh.hosts[LEAD]!.saved = undefined;
      startLeadAnew(mesh, { ...state, conflicts: { ...state.conflicts!, by: mesh.topology.standbyOf(LEAD) } });
      for (const above of [1, 0]) expect(books(mesh, above)).toMatchObject(SETTLED);
    });

    it("nothing is kept once it has been noted", () => {
      const mesh = smallMesh();
      overtaken(mesh);
      mesh.run(1_000);
      expect(mesh.leads[0]!.officeState().conflicts).toBeUndefined();
      expect(mesh.hosts[LEAD]!.saved).toMatchObject({ conflicts: { open: [], post: [] } });
    });
  });

  it("a broadcast that an agent cannot take in is reported, too", () => {
    const mesh = smallMesh();
    lead2Astray(mesh, AGENT);
    mesh.orchestrator.broadcast(TASK);
    mesh.run(2_000);
    expect(books(mesh, LEAD).logged).toEqual(["CONTEXT_DIVERGENCE 2"]);
  });

  it("what is open survives a crash of the lead", () => {
    const mesh = smallMesh();
    lead2Astray(mesh, AGENT);
    mesh.loses = ({ message }) => message.type.startsWith("CONFLICT");
    cascade(mesh, "act");
    expect(books(mesh, LEAD).open).toBe(1);
    mesh.loses = () => false;
    const host = mesh.hosts[LEAD]!;
    const saved = host.saved as { conflicts: { open: unknown[] } };
    expect(saved.conflicts.open).toMatchObject([{ record: { agentId: AGENT, conflictType: "CONTEXT_DIVERGENCE" } }]);
    host.run(new ClusterLead(host, mesh.topology.clusters[0]!, 1, repaired, PARAMETERS));
    cascade(mesh, "sync");
    mesh.run(120_000);
    expect(books(mesh, LEAD)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 2"], open: 0 });
    expect(books(mesh, LEAD).ends).toHaveLength(1);
  });

  it("and a second one, although other things were saved in between", () => {
    const mesh = smallMesh();
    lead2Astray(mesh, AGENT);
    mesh.loses = ({ message }) => message.type.startsWith("CONFLICT");
    cascade(mesh, "act");
    const host = mesh.hosts[LEAD]!;
    const startAnew = () => host.run(new ClusterLead(host, mesh.topology.clusters[0]!, 1, repaired, PARAMETERS));
    startAnew();
    host.deliver(1, { type: "MODE", mode: "DEGRADED_LIGHT", number: 1, unhealthySectors: [] });
    expect(host.saved).toMatchObject({ mode: { number: 1 }, conflicts: { open: [{ record: { agentId: AGENT } }] } });
    startAnew();
    mesh.loses = () => false;
    cascade(mesh, "sync");
    mesh.run(120_000);
    expect(books(mesh, LEAD)).toMatchObject({ logged: ["CONTEXT_DIVERGENCE 2"], open: 0 });
  });
});

describe("MESH-30K 5.1, as written: logged, quarantined, queued and told, and a strategy suggested", () => {
  it("that nobody follows: what is open stays open", () => {
    const mesh = smallMesh(optionsWith("repaired", { conflicts: "as-written" }));
    const held: Delivery[] = [];
    mesh.loses = (delivery) => isTo(AGENT)(delivery) && held.push(delivery) > 0;
    cascade(mesh, "sync");
    mesh.loses = () => false;
    cascade(mesh, "sync");
    mesh.hosts[AGENT]!.deliver(held[0]!.from, held[0]!.message);
    mesh.run(60_000);
    for (const node of [LEAD, 1, 0]) {
      expect(books(mesh, node)).toMatchObject({ logged: ["TEMPORAL_PARADOX 4"], ends: [], open: 1 });
      const [fact] = mesh.hosts[node]!.factsOf("conflict-logged");
      expect(fact).toMatchObject({ suggested: "CLOCK_RECONCILIATION" });
    }
    expect(mesh.deliveredOf("CONFLICT_TRACE")).toEqual([]);
  });
});
