/** The judge of liveness: what heals is seen to, what does not is named, and a protocol that cannot heal is caught. */
import { describe, expect, it } from "vitest";
import type { Agent } from "../../../protocol/mesh-30k/agent.js";
import type { ImpedanceMap } from "../../../protocol/mesh-30k/impedance-map.js";
import type { Orchestrator } from "../../../protocol/mesh-30k/orchestrator.js";
import { LivenessJudge, type Seen } from "../../../scenarios/measure/recovery/liveness-judge.js";
import { results } from "../small-mesh.js";
import { OfficeWorld } from "./office-world.js";

const S = 1_000_000;
const LEAD = 3;

const seenIn = ({ judge, meter: { availability, registries } }: OfficeWorld): Seen => {
  return { authority: judge, availability, registries, isRunning: () => true };
};

/**
 * A mesh whose first lead is cut off from 60 s to 130 s, looked at each second until `untilS`.
 * @param breakIt what is done to it just before it heals
 */
function healed(world: OfficeWorld, untilS: number, breakIt = () => {}): LivenessJudge {
  const { topology } = world;
  const judge = new LivenessJudge(topology, seenIn(world), 130 * S, 100 * S);
  world.runTo(60);
  world.split([LEAD]);
  world.runTo(130);
  breakIt();
  world.heal();
  for (let second = 130; second <= untilS; second++) {
    world.runTo(second);
    judge.look(second * S);
  }
  return judge;
}

function electsNobody(agent: Agent): Agent {
  const receive = agent.receive.bind(agent);
  agent.receive = (from, message) => {
    if (message.type !== "CANVASS") receive(from, message);
  };
  return agent;
}

describe("the judge of liveness", () => {
  it("sees a mesh agree again soon after the last fault is over", () => {
    const judge = healed(new OfficeWorld("repaired"), 250);
    const { verdict, agreedAfterS, stuck } = judge.results(250 * S);
    expect({ verdict, stuck }).toEqual({ verdict: "holds", stuck: [] });
    // The standby has been in office since about 110 s; what is left is for the primary to hear of it.
    expect(agreedAfterS).toBeLessThan(15);
  });

  it("catches a protocol that cannot heal, whose agents elect nobody, and names what is stuck", () => {
    const judge = healed(new OfficeWorld("repaired", electsNobody), 250);
    expect(judge.results(250 * S)).toMatchObject({ verdict: "missed", agreedAfterS: null, withinS: 100 });
    expect(judge.results(250 * S).stuck).toContain("S1-C1: nobody is in office");
    expect(judge.tookS(250 * S)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[string, (orchestrator: Orchestrator) => void, string]>([
    [
      "shares no map any more",
      (orchestrator) => Object.assign(orchestrator, { shareMap: () => undefined }),
      "its registry is as it was before the last fault was over",
    ],
    [
      "leaves a cluster out of its maps",
      (orchestrator) => {
        const { map } = orchestrator as unknown as { readonly map: ImpedanceMap };
        const known = map.known.bind(map);
        map.known = () => known().slice(1);
      },
      "its registry knows 3 of 4 clusters",
    ],
  ])("catches an orchestrator that %s: registries do not agree again", (_, breakIt, stuck) => {
    const world = new OfficeWorld("repaired");
    const judge = healed(world, 250, () => breakIt(world.role<Orchestrator>(0)!));
    expect(judge.results(250 * S)).toMatchObject({ verdict: "missed", stuck: [`S1: ${stuck}`, `S2: ${stuck}`] });
  });

  it("has not decided where the mesh is not whole and has some of its time left, and names what is stuck", () => {
    const judge = healed(new OfficeWorld("repaired", electsNobody), 170);
    expect(judge.results(170 * S)).toMatchObject({ verdict: "undecided", agreedAfterS: null, lastFaultEndsS: 130 });
    expect(judge.results(170 * S).stuck).toContain("S1-C1: nobody is in office");
    expect(judge.tookS(170 * S)).toBeUndefined();
  });

  it("says nothing before it has looked, nor where nothing broke", () => {
    const world = new OfficeWorld("repaired");
    world.runTo(10);
    const of = (healedUs: number | undefined) => new LivenessJudge(world.topology, seenIn(world), healedUs, 100 * S);
    expect(of(undefined).results(500 * S).verdict).toBe("not-exercised");
    expect(of(450 * S).results(500 * S).verdict).toBe("not-exercised");
    expect(of(600 * S).results(500 * S)).toMatchObject({ verdict: "not-exercised", lastFaultEndsS: null });
  });

  it.each(["120 s", "120.5 s"])("waits for the successor of a lead that is lost at %s, whole second or not", (at) => {
    const { liveness } = results(`name: lead-lost
description: a lead crashes and stays away
seed: 5
warmUp: 30 s
duration: 4 min
mesh: { sectors: 1, clustersPerSector: 2, agentsPerCluster: 6, classes: { A: 12 } }
placement: { orchestrator: eastus }
faults:
  - crash: { id: S1-C1 }
    at: ${at}
`);
    expect(liveness.verdict).toBe("holds");
    // The lease of 30 s has to run out before anybody can be elected.
    expect(liveness.agreedAfterS).toBeGreaterThan(20);
  });

  it("names members that obey somebody else, and a mode that is not FULL", () => {
    const world = new OfficeWorld("as-written");
    world.runTo(60);
    const judge = new LivenessJudge(world.topology, seenIn(world), 50 * S, S);
    const [agent] = world.agentsOf(0);
    world.judge.onObeyed(60 * S, agent!, { type: "obeyed", office: LEAD, process: world.topology.standbyOf(LEAD) });
    judge.mode = "DEGRADED_LIGHT";
    judge.look(60 * S);
    expect(judge.results(70 * S).stuck).toEqual(["the mode is DEGRADED_LIGHT", "S1-C1: 1 members obey somebody else"]);
  });
});
