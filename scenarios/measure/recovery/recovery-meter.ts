/**
 * Follows what is struck until it is whole again, in true time: agents, clusters and sectors that fall out of service, and
 * offices that nobody holds. Detection is the first word of anybody that something is wrong there; what was whole again
 * before anybody noticed has none.
 */
import type { Address } from "../../../protocol/contract.js";
import type { FailureClass } from "../../../protocol/mesh-30k/resilience/failure-class.js";
import type { Topology } from "../../../protocol/mesh-30k/topology.js";
import type { Micros } from "../../../sim/time.js";
import { Calendar } from "../../quiet/calendar.js";
import { type Recovery, RecoveryBooks, type RecoveryScope } from "./recovery-books.js";
import type { Strike } from "./strikes.js";

/** An agent that was struck by failures of one class and is not whole again. */
interface Struck {
  readonly recovery: Recovery;
  /** Before this instant what struck it goes on. */
  untilUs: Micros;
}

/** Whether an agent's process runs and it is held for active. */
export type IsActive = (agent: Address) => boolean;

export class RecoveryMeter {
  private readonly books = new RecoveryBooks();
  /** By agent, one for each class: what is over when the agent runs again hides nothing that goes on. */
  private readonly struck = new Map<Address, readonly Struck[]>();
  /** Agents that were handed a wrong context and have done nothing since that takes the right one. */
  private readonly wrongContexts = new Set<Address>();
  /** Failures of each agent that a process of its lead's office has noticed and does not hold for over. */
  private readonly troubles = new Map<Address, Map<FailureClass, Address>>();
  /** What is out of service, by scope and index: clusters, sectors, offices. */
  private readonly open = new Map<string, Recovery>();
  private nextStrike = 0;

  /**
   * @param strikes in order of beginning
   * @param fromUs when measuring begins: what began before is not followed
   */
  constructor(
    private readonly topology: Topology,
    private readonly strikes: readonly Strike[],
    private readonly isActive: IsActive,
    private readonly fromUs: Micros,
  ) {}

  /** Lets the strikes begin, and be over, whose time has come. */
  advance(nowUs: Micros): void {
    for (let strike = this.strikes[this.nextStrike]; strike !== undefined; strike = this.strikes[this.nextStrike]) {
      if (strike.fromUs > nowUs) break;
      this.nextStrike++;
      if (strike.fromUs >= this.fromUs) for (const agent of strike.agents) this.strike(agent, strike);
    }
  }

  /** Looks who is whole again; called once a second, since some are so without a word of anybody. */
  look(nowUs: Micros): void {
    this.advance(nowUs);
    for (const agent of this.struck.keys()) this.settle(agent, nowUs);
  }

  /** A lead has noticed a failure of an agent, or a coordinator one of its sector. */
  onDetected(nowUs: Micros, node: Address, failure: FailureClass, by: Address): void {
    this.advance(nowUs);
    if (!this.topology.isAgent(node)) {
      this.begin("sector", this.topology.officeOf(node), failure, nowUs, nowUs);
      return;
    }
    const known = this.troubles.get(node) ?? new Map<FailureClass, Address>();
    this.troubles.set(node, known.set(failure, by));
    for (const { recovery } of this.struck.get(node) ?? []) recovery.detectedUs ??= nowUs;
    const { index, sector } = this.topology.clusterOf(node);
    for (const key of [`cluster ${index} outage`, `sector ${sector} outage`]) {
      const outage = this.open.get(key);
      if (outage !== undefined) outage.detectedUs ??= nowUs;
    }
  }

  onRecovered(nowUs: Micros, node: Address, failure: FailureClass): void {
    if (!this.topology.isAgent(node)) {
      this.end("sector", this.topology.officeOf(node), failure, nowUs);
      return;
    }
    const known = this.troubles.get(node);
    known?.delete(failure);
    // One that lasts becomes a crash, and ends with it.
    if (failure === "AGENT_CRASH") known?.delete("TRANSIENT_NETWORK");
    if (known?.size === 0) this.troubles.delete(node);
    this.settle(node, nowUs);
  }

  /** An agent was READY for a message that was sent at `sentUs`: the context that it goes by is not wrong, or not any more. */
  onReady(nowUs: Micros, agent: Address, sentUs: Micros): void {
    if (this.wrongContexts.size === 0 || !this.wrongContexts.has(agent)) return;
    const struck = this.struck.get(agent)!.find(({ recovery }) => recovery.kind === "CONTEXT_CORRUPTION")!;
    if (sentUs < struck.recovery.startedUs) return;
    struck.untilUs = nowUs;
    this.wrongContexts.delete(agent);
    this.settle(agent, nowUs);
  }

  /** Somebody comes into a lead's office, who does not know what an earlier holder noticed, and will never call it over. */
  onNewLead(nowUs: Micros, cluster: number): void {
    const { firstAgent, size } = this.topology.clusters[cluster]!;
    for (let agent = firstAgent; agent < firstAgent + size; agent++) {
      if (this.troubles.delete(agent)) this.settle(agent, nowUs);
    }
  }

  /** A process leaves a lead's office to another that is in it, too: what it noticed alone it will never call over. */
  onFormerLead(nowUs: Micros, cluster: number, process: Address): void {
    const { firstAgent, size } = this.topology.clusters[cluster]!;
    for (let agent = firstAgent; agent < firstAgent + size; agent++) {
      const known = this.troubles.get(agent);
      if (known === undefined) continue;
      for (const [failure, by] of known) if (by === process) known.delete(failure);
      if (known.size > 0) continue;
      this.troubles.delete(agent);
      this.settle(agent, nowUs);
    }
  }

  /** A cluster or a sector falls out of service, or is in service again (fewer than 95 % of its agents active). */
  onService(nowUs: Micros, scope: "cluster" | "sector", index: number, isInService: boolean): void {
    if (isInService) this.end(scope, index, "outage", nowUs);
    else this.begin(scope, index, "outage", nowUs);
  }

  /** Nobody who runs holds an office any more, or somebody does again. */
  onVacancy(nowUs: Micros, office: Address, isHeld: boolean): void {
    const scope = this.scopeOf(office);
    if (isHeld) this.end(scope, office, "nobody in office", nowUs);
    else this.begin(scope, office, "nobody in office", nowUs);
  }

  /** A process out of office stands for election, or takes over. */
  onStands(nowUs: Micros, office: Address): void {
    const recovery = this.open.get(`${this.scopeOf(office)} ${office} nobody in office`);
    if (recovery !== undefined) recovery.detectedUs ??= nowUs;
  }

  /** The recoveries that began in measured time, those that are not over included. */
  results(nowUs: Micros, calendar = Calendar.endless()): ReturnType<RecoveryBooks["results"]> {
    this.look(nowUs);
    return this.books.results(calendar);
  }

  private strike(agent: Address, { failure, fromUs, untilUs }: Strike): void {
    const others = this.struck.get(agent) ?? [];
    const already = others.find(({ recovery }) => recovery.kind === failure);
    if (already !== undefined) {
      already.untilUs = Math.max(already.untilUs, untilUs);
      if (failure === "CONTEXT_CORRUPTION") this.wrongContexts.add(agent);
      return;
    }
    const where = this.topology.nameOf(agent);
    const recovery: Recovery = {
      kind: failure,
      scope: "agent",
      where,
      startedUs: fromUs,
      detectedUs: undefined,
      restoredUs: undefined,
    };
    this.struck.set(agent, [...others, { recovery, untilUs }]);
    if (failure === "CONTEXT_CORRUPTION") this.wrongContexts.add(agent);
    this.books.add(recovery);
  }

  private settle(agent: Address, nowUs: Micros): void {
    const struck = this.struck.get(agent);
    if (struck === undefined || this.troubles.has(agent) || !this.isActive(agent)) return;
    const whole = struck.filter(({ recovery, untilUs }) => {
      // A crashed process may be replaced before the crash would be over by itself.
      const isOver = untilUs <= nowUs || recovery.kind === "AGENT_CRASH";
      return isOver && nowUs > recovery.startedUs;
    });
    if (whole.length === 0) return;
    for (const { recovery } of whole) recovery.restoredUs = nowUs;
    if (whole.length === struck.length) this.struck.delete(agent);
    else {
      this.struck.set(
        agent,
        struck.filter((each) => !whole.includes(each)),
      );
    }
  }

  private begin(scope: RecoveryScope, index: number, kind: string, nowUs: Micros, detectedUs?: Micros): void {
    const key = `${scope} ${index} ${kind}`;
    if (nowUs < this.fromUs || this.open.has(key)) return;
    const where = kind === "outage" ? this.nameOf(scope, index) : this.topology.nameOf(index);
    const recovery: Recovery = { kind, scope, where, startedUs: nowUs, detectedUs, restoredUs: undefined };
    this.open.set(key, recovery);
    this.books.add(recovery);
  }

  private end(scope: RecoveryScope, index: number, kind: string, nowUs: Micros): void {
    const key = `${scope} ${index} ${kind}`;
    const recovery = this.open.get(key);
    if (recovery === undefined) return;
    recovery.restoredUs = nowUs;
    this.open.delete(key);
  }

  private nameOf(scope: RecoveryScope, index: number): string {
    const { clusters, sectors } = this.topology;
    return this.topology.nameOf(scope === "cluster" ? clusters[index]!.lead : sectors[index]!.coordinator);
  }

  private scopeOf(office: Address): RecoveryScope {
    if (office === 0) return "global";
    return office < this.topology.firstLead ? "sector" : "cluster";
  }
}
