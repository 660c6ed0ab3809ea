/**
 * Watches the nodes of a mesh, or of a part of one: counts what can be counted in any order, and notes the rest. It sees
 * every message that is sent and every fact that a node reports, and touches nothing.
 */
import type { Address } from "../../protocol/contract.js";
import type { AuthorityFact, Fact } from "../../protocol/mesh-30k/facts.js";
import type { Coordinate, MeshMessage } from "../../protocol/mesh-30k/messages.js";
import type { Variant } from "../../protocol/mesh-30k/options.js";
import { ORCHESTRATOR, type Topology } from "../../protocol/mesh-30k/topology.js";
import type { Clocks } from "../../sim/clock.js";
import type { Observer } from "../../sim/setup.js";
import { US_PER_MS } from "../../sim/time.js";
import { ActProbe } from "./authority/act-probe.js";
import { Exchange, Life, type MeshNotes } from "./mesh-notes.js";
import { TrafficTally } from "./traffic-tally.js";

export class MeshProbe implements Observer<MeshMessage, Fact> {
  private readonly acts: ActProbe;

  /** @param clocks by which nodes count the leases that they tell of; notes of them are in true time */
  constructor(
    private readonly topology: Topology,
    private readonly notes: MeshNotes,
    takeover: Variant,
    private readonly clocks: Pick<Clocks, "trueDurationUs">,
    readonly traffic = new TrafficTally(topology.agentCount),
  ) {
    this.acts = new ActProbe(topology, notes, takeover);
  }

  onSend(nowUs: number, from: Address, to: Address, message: MeshMessage): void {
    this.traffic.noteSent(nowUs, message.type);
    if (message.type === "HEARTBEAT") {
      this.traffic.reports.note(from - this.topology.firstAgent, message.impedance);
      this.notes.heartbeat(nowUs, from, message.impedance.heartbeatNumber);
    } else if (message.type === "COORDINATE") {
      if (this.topology.isAgent(to)) this.noteSent(nowUs, to, message);
      else if (this.topology.officeOf(from) === ORCHESTRATOR) {
        this.notes.passedOn(nowUs, message.correlationId, message.remainingMs, message.windowMs);
      }
    }
  }

  /** A message has reached its receiver; copies of it do so, too. */
  onDelivered(nowUs: number, from: Address, to: Address, message: MeshMessage): void {
    this.acts.onDelivered(nowUs, from, to, message);
    if (message.type === "COORDINATE" && this.topology.isAgent(to)) {
      this.traffic.received[to - this.topology.firstAgent]!++;
    }
  }

  onLife(nowUs: number, node: Address, life: keyof typeof Life): void {
    if (life === "up") this.acts.onFresh(node);
    this.notes.life(nowUs, node, Life[life]);
  }

  onFact(nowUs: number, node: Address, fact: Fact): void {
    switch (fact.type) {
      case "ready":
        this.noteReady(nowUs, node, fact.message, fact.trinaryState);
        return;
      case "gathered":
        this.notes.gathered(nowUs, node, fact.correlationId, fact.agentId);
        return;
      case "routed":
        if (fact.scope === "mesh") this.notes.fact(nowUs, node, { ...fact, scope: fact.scope });
        return;
      case "unfinished":
        return;
      case "authority":
        this.notes.fact(nowUs, node, { ...fact, leaseMs: this.trueLeaseMs(nowUs, node, fact) });
        return;
      case "follows":
        this.acts.onFollows(node, fact.holder);
        this.notes.fact(nowUs, node, fact);
        return;
      default:
        this.notes.fact(nowUs, node, fact);
    }
  }

  /** How long a lease really lasts, by the rate at which its holder's oscillator runs now. */
  private trueLeaseMs(nowUs: number, holder: Address, { leaseMs }: AuthorityFact): number {
    if (!Number.isFinite(leaseMs)) return leaseMs;
    return this.clocks.trueDurationUs(holder, leaseMs, nowUs) / US_PER_MS;
  }

  private noteSent(nowUs: number, agent: Address, message: Coordinate): void {
    const how = exchangeOf(message);
    if (how === undefined) return;
    this.notes.sent(nowUs, agent, message.messageId, message.sourceId, message.correlationId, how);
  }

  private noteReady(nowUs: number, agent: Address, message: Coordinate, state: 1 | 0 | -1): void {
    const how = exchangeOf(message);
    if (how === undefined) return;
    const { messageId, sourceId, correlationId, compensation } = message;
    this.notes.ready(nowUs, agent, messageId, sourceId, correlationId, how, state, compensation.expectedReadyMs);
  }
}

/** Undefined for a message that nobody predicts anything about. */
function exchangeOf({ isCheckpoint, routingStrategy }: Coordinate): Exchange | undefined {
  if (routingStrategy === "broadcast" || routingStrategy === "pipeline") return undefined;
  if (isCheckpoint) return Exchange.checkpoint;
  return routingStrategy === "scatter-gather" ? Exchange.gather : Exchange.direct;
}
