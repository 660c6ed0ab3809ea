/** A meter on a mesh that does not exist: the tests say what was sent and what the nodes reported, and when. */
import type { AimedFact, Tier } from "../../../protocol/mesh-30k/facts.js";
import {
  type AgentImpedance,
  type Coordinate,
  MESSAGE_SEQUENCES,
  type TrinaryState,
} from "../../../protocol/mesh-30k/messages.js";
import { correlationOf } from "../../../protocol/mesh-30k/operation.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { MeshMeter } from "../../../scenarios/measure/mesh-meter.js";
import { MeshProbe } from "../../../scenarios/measure/mesh-probe.js";
import { US_PER_MS } from "../../../sim/time.js";
import { trueClocks } from "../../sim/plain-world.js";

/** Measuring begins after ten seconds. */
export const FROM_MS = 10_000;
/** Half width of every window, in ms. */
export const WINDOW_MS = 500;
export const CASCADE = 3;
/** The phase in which a wave reaches the agents. */
const AGENTS_PHASE = 2;

const NO_TALLY = { targeted: 0, sent: 0, ready: 0, conflict: 0 };

interface Sending {
  readonly atMs: number;
  readonly to: number;
  readonly message?: Partial<Coordinate>;
  readonly expectedReadyMs?: number;
}

/** Twenty edge functions and five people: a cluster of each, and a lead of each. */
export class WatchedMesh {
  readonly topology = new Topology({
    sectors: 1,
    clustersPerSector: 2,
    agents: { A: 20, B: 0, C: 0, D: 0, E: 0, F: 5 },
  });
  readonly meter: MeshMeter;
  readonly probe: MeshProbe;
  readonly machines = this.agentsOf("A");
  readonly people = this.agentsOf("F");
  readonly lead = this.topology.clusters.find((cluster) => cluster.agentClass === "A")!.lead;
  private sequence = 0;

  /** @param inheritsTargetTime as repaired; as written, each level aims at a time of its own */
  constructor(inheritsTargetTime = true) {
    this.meter = new MeshMeter(this.topology, FROM_MS * US_PER_MS, inheritsTargetTime);
    this.probe = new MeshProbe(this.topology, this.meter, "repaired", trueClocks);
  }

  startCascade(atMs: number, cascade = CASCADE): void {
    this.probe.onFact(atMs * US_PER_MS, 0, { type: "cascade-started", cascade, strategy: "wave" });
  }

  endCascade(atMs: number, status = "SUCCESS", cascade = CASCADE): void {
    this.probe.onFact(atMs * US_PER_MS, 0, { type: "cascade-ended", cascade, status, tally: NO_TALLY });
  }

  /** The run ends. */
  finish(atMs: number): void {
    this.meter.finish(atMs * US_PER_MS);
  }

  /** The initiator hands the operation to the coordinator, with so much time left until its target time. */
  passOn(atMs: number, remainingMs: number): void {
    this.handOver(atMs, 1, {
      type: "COORDINATE",
      messageId: 0,
      correlationId: correlationOf(CASCADE, AGENTS_PHASE),
      sourceId: 0,
      routingStrategy: "scatter-gather",
      remainingMs,
      windowMs: WINDOW_MS,
    } as unknown as Coordinate);
  }

  /** A gather of the cascade ended. */
  gatherEnded(
    tier: Tier,
    rates: { readonly readyOfSent: number; readonly readyOfTargeted: number },
    cascade = CASCADE,
  ) {
    const achieved = rates.readyOfTargeted >= 0.95;
    const correlationId = correlationOf(cascade, AGENTS_PHASE);
    const decision = achieved ? "PROCEED" : "WAIT";
    this.probe.onFact(0, 1, { type: "gather-ended", correlationId, tier, decision, achieved, ...rates });
  }

  /** The lead aims at agents: T is `targetInMs` after `atMs`. */
  aim(atMs: number, targetInMs: number, fact: Partial<AimedFact> = {}): void {
    this.probe.onFact(atMs * US_PER_MS, this.lead, {
      type: "aimed",
      correlationId: correlationOf(CASCADE, AGENTS_PHASE),
      targets: this.machines,
      skipped: [],
      targetInMs,
      windowMs: WINDOW_MS,
      ...fact,
    });
  }

  /** A message of the cascade from the lead, unless `message` says something else; handed to the network once. */
  send({ atMs, to, message = {}, expectedReadyMs = Number.NaN }: Sending): Coordinate {
    const composed = {
      type: "COORDINATE",
      messageId: this.lead * MESSAGE_SEQUENCES + this.sequence++,
      correlationId: correlationOf(CASCADE, AGENTS_PHASE),
      sourceId: this.lead,
      targetIds: [to],
      routingStrategy: "scatter-gather",
      isCheckpoint: false,
      compensation: { expectedReadyMs },
      ...message,
    } as unknown as Coordinate;
    this.handOver(atMs, to, composed);
    return composed;
  }

  handOver(atMs: number, to: number, message: Coordinate): void {
    this.probe.onSend(atMs * US_PER_MS, message.sourceId, to, message);
  }

  ready(atMs: number, agent: number, message: Coordinate, trinaryState: TrinaryState = 1): void {
    this.probe.onFact(atMs * US_PER_MS, agent, { type: "ready", message, trinaryState });
  }

  /** The lead has the agent's answer. */
  gathered(atMs: number, agentId: number): void {
    const correlationId = correlationOf(CASCADE, AGENTS_PHASE);
    this.probe.onFact(atMs * US_PER_MS, this.lead, { type: "gathered", correlationId, agentId });
  }

  heartbeat(atMs: number, agent: number, impedance: Partial<AgentImpedance>): void {
    const message = { type: "HEARTBEAT", agentId: agent, timestampMs: atMs, impedance } as never;
    this.probe.onSend(atMs * US_PER_MS, agent, this.lead, message);
  }

  get cascade() {
    return this.meter.cascades.records.get(CASCADE)!;
  }

  private agentsOf(agentClass: string): number[] {
    const { firstAgent, size } = this.topology.clusters.find((cluster) => cluster.agentClass === agentClass)!;
    return Array.from({ length: size }, (_, position) => firstAgent + position);
  }
}
