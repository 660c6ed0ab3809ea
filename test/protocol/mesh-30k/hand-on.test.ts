/**
 * What a coordinator opens between two assertions is with the other process of its office at once (`HAND_ON`), in whatever order
 * messages arrive, and is taken over with the office.
 */
import { describe, expect, it } from "vitest";
import type { Address, Durable } from "../../../protocol/contract.js";
import { Seat } from "../../../protocol/mesh-30k/authority/seat.js";
import type { ConflictReport } from "../../../protocol/mesh-30k/conflicts/conflict-messages.js";
import type { DurableCase, DurableConflicts } from "../../../protocol/mesh-30k/conflicts/durable-conflicts.js";
import { type HandedConflicts, without } from "../../../protocol/mesh-30k/conflicts/handover.js";
import type { HandOn } from "../../../protocol/mesh-30k/messages.js";
import { SectorCoordinator } from "../../../protocol/mesh-30k/sector-coordinator.js";
import { ORCHESTRATOR, Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeHost } from "../fake-host.js";
import { optionsWith, PARAMETERS, shapeOf } from "./fixtures.js";

const repaired = optionsWith("repaired");
const topology = new Topology(shapeOf(2, 3, { B: 120 }));
const [sector] = topology.sectors;
const OFFICE = sector!.coordinator;
const STANDBY = topology.standbyOf(OFFICE);
const CLUSTERS = topology.clusters.slice(0, 3);
const LEAD = CLUSTERS[0]!.lead;

/** @param saved what an earlier process there has saved */
function seatAt(process: Address, saved?: Durable) {
  const host = new FakeHost(process);
  host.saved = saved;
  const build = (role: ConstructorParameters<typeof SectorCoordinator>[0], inherited: never) =>
    new SectorCoordinator(role, sector!, topology, repaired, PARAMETERS, inherited);
  const seat = host.run(new Seat(host, OFFICE, topology, repaired, PARAMETERS, build as never));
  return { host, seat };
}

function report(number: number, asks = false): ConflictReport {
  const record = {
    conflictId: LEAD * 2 ** 32 + number,
    timestampMs: 0,
    lamport: 5,
    agentId: CLUSTERS[0]!.firstAgent + number,
    messageId: 50 + number,
    conflictType: "CONTEXT_DIVERGENCE",
    conflictingValues: ["1", String(2 + number)],
    agentContextHash: 77 + number,
    divergenceDepth: 12,
    affectedAgents: 1,
  } as const;
  return { type: "CONFLICT", record, priority: 3, asks, work: undefined, lamport: 6 };
}

/** A coordinator that has told its standby of itself, and the standby. */
function pair() {
  const [holder, standby] = [seatAt(OFFICE), seatAt(STANDBY)];
  holder.host.advance(11_000);
  const told = <Type extends "ASSERT" | "HAND_ON">(type: Type) =>
    holder.host
      .sentOf(type)
      .filter(({ to }) => to === STANDBY)
      .map(({ message }) => message);
  return { holder: holder.host, standby: standby.host, told };
}

/** Lets a standby be elected: nobody is heard any more, and everybody votes for it. */
function elect(standby: FakeHost): void {
  const voters = [...CLUSTERS.map(({ lead }) => lead), ...CLUSTERS.map(({ lead }) => topology.standbyOf(lead))];
  let answered = 0;
  for (let second = 0; second < 120; second++) {
    standby.advance(1_000);
    for (; answered < standby.sentOf("CANVASS").length; answered++) {
      const { to, message } = standby.sentOf("CANVASS")[answered]!;
      if (!voters.includes(to)) continue;
      const { office, term, isTrial } = message;
      standby.deliver(to, { type: "VOTE", office, term, isTrial, isGranted: true, knownTerm: term });
    }
  }
}

function inheritedBy(standby: FakeHost): number[] {
  return standby.factsOf("conflict-inherited").map(({ conflictId }) => conflictId % 2 ** 32);
}

describe("a conflict that is opened between two assertions", () => {
  it.each<[string, (order: { assertion: () => void; handOn: () => void }) => void]>([
    [
      "after the assertion",
      ({ assertion, handOn }) => {
        assertion();
        handOn();
      },
    ],
    [
      "with a second copy of the assertion behind it",
      ({ assertion, handOn }) => {
        assertion();
        handOn();
        assertion();
      },
    ],
    [
      "before the assertion that it follows",
      ({ assertion, handOn }) => {
        handOn();
        assertion();
      },
    ],
    ["without an assertion, at a process that has just started", ({ handOn }) => handOn()],
    [
      "thrice",
      ({ assertion, handOn }) => {
        assertion();
        for (let copy = 0; copy < 3; copy++) handOn();
      },
    ],
  ])("is taken over where it arrives %s", (_, deliver) => {
    const { holder, standby, told } = pair();
    const assertion = told("ASSERT").at(-1)!;
    holder.deliver(LEAD, report(1));
    const [handOn] = told("HAND_ON") as [HandOn];
    deliver({
      assertion: () => standby.deliver(OFFICE, assertion),
      handOn: () => standby.deliver(OFFICE, handOn),
    });
    elect(standby);
    expect(inheritedBy(standby)).toEqual([1]);
  });

  it("is not taken over where a later assertion says that it is over", () => {
    const { holder, standby, told } = pair();
    holder.deliver(LEAD, report(1));
    const [handOn] = told("HAND_ON") as [HandOn];
    standby.deliver(OFFICE, handOn);
    holder.deliver(LEAD, {
      type: "CONFLICT_VERDICT",
      conflictId: report(1).record.conflictId,
      outcome: "converged",
      method: "BRANCH_AND_RECONCILE",
      stands: undefined,
      lamport: 7,
    });
    holder.advance(10_000);
    standby.deliver(OFFICE, told("ASSERT").at(-1)!);
    standby.deliver(OFFICE, handOn);
    elect(standby);
    expect(inheritedBy(standby)).toEqual([]);
  });

  it.each([
    ["in order", false],
    ["in reverse", true],
  ])("goes with who has asked for it and what was told of it upwards, however often and %s", (_, isReversed) => {
    const { holder, standby, told } = pair();
    standby.deliver(OFFICE, told("ASSERT").at(-1)!);
    holder.deliver(LEAD, report(1, true));
    const handOns = told("HAND_ON");
    expect(handOns.length).toBeGreaterThan(1);
    for (const handOn of isReversed ? handOns.reverse() : handOns) {
      for (let copy = 0; copy < 2; copy++) standby.deliver(OFFICE, handOn);
    }
    elect(standby);
    expect(inheritedBy(standby)).toEqual([1]);
    const above = standby.sentOf("CONFLICT").filter(({ to }) => to === ORCHESTRATOR);
    expect(above.length).toBeGreaterThan(0);
    expect(above.every(({ message }) => message.asks)).toBe(true);
  });

  it("is begun with at once by a standby in office that learns only later that somebody has asked", () => {
    const { holder, standby, told } = pair();
    standby.deliver(OFFICE, told("ASSERT").at(-1)!);
    elect(standby);
    holder.deliver(LEAD, report(1, true));
    const handOns = told("HAND_ON");
    const asked = handOns.find(({ conflicts }) => conflicts.open[0]!.askedBy !== undefined)!;
    const [{ conflicts }] = [handOns[0]!];
    const unasked = { ...conflicts, open: conflicts.open.map((each) => ({ ...each, askedBy: undefined })), post: [] };
    standby.deliver(OFFICE, { ...handOns[0]!, conflicts: unasked });
    expect(standby.sentOf("CONFLICT")).toEqual([]);
    standby.deliver(OFFICE, asked);
    expect(standby.sentOf("CONFLICT").map(({ to }) => to)).toContain(ORCHESTRATOR);
  });

  it("is taken over at once by a standby that is in office already", () => {
    const { holder, standby, told } = pair();
    standby.deliver(OFFICE, told("ASSERT").at(-1)!);
    elect(standby);
    holder.deliver(LEAD, report(1));
    standby.deliver(OFFICE, told("HAND_ON")[0]!);
    expect(inheritedBy(standby)).toEqual([1]);
  });

  it("is told of once: what was saved before is not told again", () => {
    const { holder, told } = pair();
    holder.deliver(LEAD, report(1));
    holder.deliver(LEAD, report(2));
    expect(
      told("HAND_ON").map(({ conflicts }) => conflicts.open.map(({ record }) => record.conflictId % 2 ** 32)),
    ).toEqual([[1], [2]]);
  });

  it("is saved and handed on before anything else happens, however many are open", () => {
    const { holder, standby, told } = pair();
    standby.deliver(OFFICE, told("ASSERT").at(-1)!);
    const numbers = Array.from({ length: 1_000 }, (_, i) => i + 1);
    for (const number of numbers) {
      holder.deliver(LEAD, report(number));
      const { role } = holder.saved as { role: { conflicts: { open: DurableCase[] } } };
      expect(role.conflicts.open.map(({ record }) => record.conflictId % 2 ** 32)).toEqual(numbers.slice(0, number));
    }
    for (const handOn of told("HAND_ON")) standby.deliver(OFFICE, handOn);
    elect(standby);
    expect(inheritedBy(standby)).toEqual(numbers);
  });
});

describe("what a standby was told of its office", () => {
  it("is not forgotten when it is restarted", () => {
    const { holder, standby, told } = pair();
    holder.deliver(ORCHESTRATOR, { type: "MODE", mode: "DEGRADED_LIGHT", number: 3, unhealthySectors: [] });
    holder.deliver(LEAD, report(1));
    holder.advance(10_000);
    standby.deliver(OFFICE, told("ASSERT").at(-1)!);
    holder.deliver(LEAD, report(2));
    standby.deliver(OFFICE, told("HAND_ON").at(-1)!);
    const { host: restarted } = seatAt(STANDBY, standby.saved);
    elect(restarted);
    expect(inheritedBy(restarted)).toEqual([1, 2]);
    expect(restarted.saved).toMatchObject({ role: { mode: { mode: "DEGRADED_LIGHT", number: 3 } } });
  });

  it("is older than what it saved when it was in office itself", () => {
    const { holder, standby, told } = pair();
    holder.deliver(ORCHESTRATOR, { type: "MODE", mode: "DEGRADED_LIGHT", number: 3, unhealthySectors: [] });
    holder.advance(10_000);
    const old = told("ASSERT").at(-1)!;
    standby.deliver(OFFICE, old);
    elect(standby);
    standby.deliver(ORCHESTRATOR, { type: "MODE", mode: "FULL", number: 4, unhealthySectors: [] });
    const { host: restarted } = seatAt(STANDBY, standby.saved);
    restarted.deliver(OFFICE, old);
    elect(restarted);
    expect(restarted.saved).toMatchObject({ role: { mode: { mode: "FULL", number: 4 } } });
  });
});

describe("a conflict that the holder has taken over from the other process", () => {
  const open: DurableCase = {
    ...{ record: report(1).record, priority: 3, members: 1, isOwn: true, wasReported: false },
    ...{ toldBy: undefined, askedBy: undefined, work: undefined },
  };
  const { conflictId } = open.record;
  const left: HandedConflicts = { by: STANDBY, open: [open], inherited: [], post: [] };
  const conflictsOf = ({ saved }: FakeHost) => (saved as { role: { conflicts: DurableConflicts } }).role.conflicts;

  it("is said to be, for that process to forget it, until it has", () => {
    const { holder } = pair();
    holder.deliver(STANDBY, { type: "GRANT", office: OFFICE, serial: 1, left });
    expect(conflictsOf(holder)).toMatchObject({ open: [{ record: { conflictId } }], inherited: [conflictId] });
    holder.deliver(STANDBY, { type: "GRANT", office: OFFICE, serial: 2 });
    expect(conflictsOf(holder)).toMatchObject({ open: [{ record: { conflictId } }], inherited: [] });
  });

  it("is not said to be any more once it has gone back to that process, which would forget it, too", () => {
    const { holder } = pair();
    holder.deliver(STANDBY, { type: "GRANT", office: OFFICE, serial: 1, left });
    expect(without([conflictId], (holder.saved as { role: Durable }).role)).toMatchObject({
      conflicts: { open: [], inherited: [] },
    });
  });
});
