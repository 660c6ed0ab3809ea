/** Follows all measured cascades, and says which of them were over before the run was. */
import type { Address } from "../../protocol/contract.js";
import type { CascadeStrategy } from "../../protocol/mesh-30k/cascade-plan.js";
import type { AimedFact, CascadeEndedFact, CascadeStartedFact, TookInFact } from "../../protocol/mesh-30k/facts.js";
import type { ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { cascadeNumberOf, isOfStandby } from "../../protocol/mesh-30k/operation.js";
import type { Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import type { Incident } from "../results.js";
import type { AgentBooks } from "./agent-books.js";
import { CascadeRecord } from "./cascade-record.js";
import { Distribution } from "./distribution.js";
import type { RareFact } from "./mesh-notes.js";
import type { Population } from "./population.js";

const NO_TALLY = { targeted: 0, sent: 0, ready: 0, conflict: 0 };

/** Books of single agents that are kept back until it is known whether their cascade counts. */
interface Pending {
  readonly agent: Address;
  readonly field: "targeted" | "hits";
}

export class CascadeMeter {
  /** Every cascade that started after warm-up, by number. */
  readonly records = new Map<number, CascadeRecord>();
  readonly incidents: Incident[] = [];
  /** Hits and targets, by the second in which the agent was READY or the cascade started; of all cascades. */
  readonly targetedBySecond: number[] = [];
  readonly hitsBySecond: number[] = [];
  private readonly open = new Map<CascadeRecord, Pending[]>();
  /** Counted, with messages perhaps still on their way. */
  private readonly lingering = new Set<CascadeRecord>();
  private counted = 0;
  /** Who was last asked for a cascade of each kind while he was not in office, and how often nobody was. */
  private readonly refused = new Map<CascadeStrategy, { readonly atUs: number; readonly process: Address }>();
  private refusals = 0;

  /**
   * @param inheritsTargetTime whether all levels aim at the initiator's target time (option `targetTime`), rather than
   *   each at one of its own
   */
  constructor(
    private readonly topology: Topology,
    private readonly population: Population,
    private readonly fromUs: number,
    private readonly inheritsTargetTime: boolean,
    private readonly agents: AgentBooks,
    private readonly classOf: (agent: Address) => ImpedanceClass,
  ) {}

  /** The cascades that count: the initiator had ended them, and their windows had closed. */
  get countedRecords(): CascadeRecord[] {
    return [...this.records.values()].filter((record) => record.isCounted);
  }

  /** How often an agent was targeted, or hit, by cascades that count. */
  timesOf(agent: Address, field: Pending["field"]): number {
    // Every cascade is aimed at all of the population that was there when it started.
    if (field === "targeted" && this.population.includes(this.classOf(agent))) {
      if (!this.population.isNewcomer(agent)) return this.counted;
      return this.countedRecords.filter(({ startedUs }) => this.population.wasThere(agent, startedUs)).length;
    }
    return this.agents.of(agent - this.topology.firstAgent, field);
  }

  /** Takes the cascades that are over by now into account. */
  close(nowUs: number): void {
    for (const [record, pending] of this.open) {
      if (!record.isOverAt(nowUs)) continue;
      this.open.delete(record);
      record.isCounted = true;
      this.counted++;
      this.lingering.add(record);
      for (const { agent, field } of pending) this.agents.add(agent - this.topology.firstAgent, field);
    }
    for (const record of this.lingering) {
      if (!record.isSpentAt(nowUs)) continue;
      this.lingering.delete(record);
      record.first.close();
    }
  }

  onFact(nowUs: number, node: Address, fact: RareFact): void {
    switch (fact.type) {
      case "cascade-started":
        this.onStarted(nowUs, fact);
        return;
      case "aimed":
        this.onAimed(nowUs, node, fact);
        return;
      case "took-in":
        this.onTookIn(nowUs, node, fact);
        return;
      case "gather-ended":
        this.recordOf(fact.correlationId)?.gathers[fact.tier].take(fact);
        return;
      case "cascade-ended":
        this.onEnded(nowUs, fact);
        return;
    }
  }

  /** The initiator hands an operation to a coordinator, for passing on. */
  onPassedOn(nowUs: number, correlationId: number, remainingMs: number, windowMs: number): void {
    if (!this.inheritsTargetTime || Number.isNaN(remainingMs)) return;
    const targetUs = nowUs + remainingMs * US_PER_MS;
    this.recordOf(correlationId)?.inherit({ targetUs, windowUs: windowMs * US_PER_MS });
  }

  onSent(agent: Address, agentClass: ImpedanceClass, correlationId: number): void {
    const record = this.recordOf(correlationId);
    if (record === undefined || !this.population.wasThere(agent, record.startedUs)) return;
    if (record.first.note(agent, "sent")) record.of(agentClass).sent++;
  }

  onReady(nowUs: number, agent: Address, agentClass: ImpedanceClass, source: Address, correlationId: number): void {
    const record = this.recordOf(correlationId);
    const aim = record?.aimOf(source, correlationId);
    if (record === undefined || aim === undefined || !this.population.wasThere(agent, record.startedUs)) return;
    if (!record.first.note(agent, "ready")) return;
    if (record.arrive(agentClass, nowUs, aim) !== "hits") return;
    this.keep(record, { agent, field: "hits" });
    if (this.population.includes(agentClass)) addAt(this.hitsBySecond, nowUs, 1);
  }

  /** An agent's answer has reached the node that sent to it. */
  onGathered(nowUs: number, source: Address, correlationId: number, agent: Address): void {
    const record = this.recordOf(correlationId);
    const aim = record?.aimOf(source, correlationId);
    if (record === undefined || aim === undefined || !this.topology.isAgent(agent)) return;
    if (!this.population.wasThere(agent, record.startedUs)) return;
    const isInTime = nowUs <= aim.targetUs + aim.windowUs;
    if (isInTime && record.first.note(agent, "gathered")) record.of(this.classOf(agent)).gathered++;
  }

  /**
   * An operator asks both processes of the orchestrator's office at once: what neither starts is a cascade that nobody
   * takes part in.
   */
  onRefused(nowUs: number, process: Address, strategy: CascadeStrategy): void {
    const other = this.refused.get(strategy);
    this.refused.set(strategy, { atUs: nowUs, process });
    if (nowUs < this.fromUs || other?.atUs !== nowUs || other.process === process) return;
    const cascade = -++this.refusals;
    this.onStarted(nowUs, { type: "cascade-started", cascade, strategy });
    this.onEnded(nowUs, { type: "cascade-ended", cascade, status: "NOBODY_IN_OFFICE", tally: NO_TALLY });
  }

  /** A process of the orchestrator's office has ended its tenure, or has gone down, and with it the cascades that it ran. */
  onAbandoned(nowUs: number, isStandby: boolean): void {
    for (const { id, endedUs } of this.open.keys()) {
      if (endedUs !== undefined || id < 0 || isOfStandby(id) !== isStandby) continue;
      this.onEnded(nowUs, { type: "cascade-ended", cascade: id, status: "ABANDONED", tally: NO_TALLY });
    }
  }

  private recordOf(correlationId: number): CascadeRecord | undefined {
    return this.records.get(cascadeNumberOf(correlationId));
  }

  private onStarted(nowUs: number, { cascade, strategy }: CascadeStartedFact): void {
    if (nowUs < this.fromUs) return;
    const record = new CascadeRecord(cascade, strategy, nowUs, this.population);
    this.records.set(cascade, record);
    this.open.set(record, []);
    addAt(this.targetedBySecond, nowUs, record.sum("targeted"));
  }

  /** The population is targeted from the start; people outside it are where a node aims at them. */
  private onAimed(nowUs: number, source: Address, fact: AimedFact): void {
    const record = this.recordOf(fact.correlationId);
    if (record === undefined || !this.topology.isAgent(fact.targets[0] ?? 0)) return;
    const targetUs = nowUs + fact.targetInMs * US_PER_MS;
    record.aim(source, fact.correlationId, { targetUs, windowUs: fact.windowMs * US_PER_MS });
    for (const { agentId, wouldNeedMs, availableMs } of fact.skipped) {
      if (!this.population.wasThere(agentId, record.startedUs) || !record.first.note(agentId, "skipped")) continue;
      const tally = record.of(this.classOf(agentId));
      tally.skipped++;
      // Who was left out would not have been sent to with any lead time.
      if (Number.isNaN(wouldNeedMs)) continue;
      tally.shortfalls ??= new Distribution();
      tally.shortfalls.add(wouldNeedMs - availableMs);
    }
    for (const agent of fact.targets) {
      if (this.population.includes(this.classOf(agent)) || !this.population.wasThere(agent, record.startedUs)) continue;
      if (!record.first.note(agent, "targeted")) continue;
      record.of("F").targeted++;
      this.keep(record, { agent, field: "targeted" });
    }
  }

  private keep(record: CascadeRecord, pending: Pending): void {
    const kept = this.open.get(record);
    if (kept !== undefined) kept.push(pending);
    else this.agents.add(pending.agent - this.topology.firstAgent, pending.field);
  }

  private onTookIn(nowUs: number, node: Address, { tier, correlationId }: TookInFact): void {
    const record = this.recordOf(correlationId);
    if (record === undefined) return;
    const phase = correlationId % 16;
    if (tier === "sector" && phase === 0) record.levels.sectors.note(node, nowUs - record.startedUs);
    if (tier === "lead" && phase === 1) record.levels.leads.note(node, nowUs - record.startedUs);
  }

  private onEnded(nowUs: number, { cascade, status }: CascadeEndedFact): void {
    const record = this.records.get(cascade);
    if (record === undefined) return;
    record.status = status;
    record.endedUs = nowUs;
    if (status === "SUCCESS" || status === "COMPLETE") return;
    this.incidents.push({
      atS: nowUs / US_PER_S,
      kind: "cascade-without-quorum",
      where: "orchestrator",
      detail: `cascade ${cascade} (${record.strategy}) ended as ${status}`,
    });
  }
}

function addAt(bySecond: number[], nowUs: number, count: number): void {
  const second = Math.floor(nowUs / US_PER_S);
  bySecond[second] = (bySecond[second] ?? 0) + count;
}
