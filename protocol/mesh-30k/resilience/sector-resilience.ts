/** What a sector coordinator does about failures: counts them, isolates clusters, tells the orchestrator (6.1, 6.2). */
import type { Address, Host, Millis } from "../../contract.js";
import { type CircuitBoard, isOfBreakerIn } from "../circuit-board.js";
import type { Fact } from "../facts.js";
import type { CircuitOrder, ClusterSummary, FailureReport, MapUpdate, MeshMessage, ProbeAnswer } from "../messages.js";
import type { ProtocolOptions } from "../options.js";
import { ORCHESTRATOR, type Sector, type Topology } from "../topology.js";
import { type BreakerActions, BreakerPanel } from "./breaker-panel.js";
import { type CircuitState, CLUSTER_FAILURES } from "./circuit-breaker.js";
import { ExponentialGrowth, GROWTH_WINDOW_S } from "./exponential-growth.js";
import { escalatesAtOnce } from "./failure-class.js";
import { FailureTotals } from "./failure-totals.js";
import { FAILURE_WINDOWS } from "./failure-window.js";
import type { SavedState } from "./saved-state.js";

/** A probed part is healthy when more of its agents than this are active (6.2 names no figure). */
export const HEALTHY_PROBE = 0.5;

export const CIRCUIT_ACTIONS: Readonly<Record<CircuitState, CircuitOrder["action"]>> = {
  CLOSED: "CLOSE",
  OPEN: "OPEN",
  HALF_OPEN: "HALF_OPEN",
};

export class SectorResilience implements BreakerActions {
  /** Failures in the sector, counted in all the life of this coordinator. */
  failures = 0;
  private readonly panel: BreakerPanel;
  private readonly isOwn: (order: CircuitOrder) => boolean;
  private readonly totals = new FailureTotals();
  private readonly growth = new ExponentialGrowth();
  /** By position in the sector: failures since the window of `growth` began. */
  private readonly inWindow: number[];
  private isCascading = false;
  /** Whether this process has heard from the orchestrator what is cut off, so that it can say that something is not. */
  private knowsCircuits = false;
  private seconds = 0;

  /** @param persist saves what is to survive a crash */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly sector: Sector,
    private readonly topology: Topology,
    options: ProtocolOptions,
    private readonly circuits: CircuitBoard,
    private readonly persist: () => void,
  ) {
    const { firstCluster, clusterCount } = sector;
    this.isOwn = isOfBreakerIn(firstCluster, clusterCount);
    this.inWindow = new Array<number>(clusterCount).fill(0);
    this.panel = new BreakerPanel(clusterCount, CLUSTER_FAILURES, FAILURE_WINDOWS[options.failureWindow], this);
  }

  onReport(from: Address, report: FailureReport): void {
    this.take(from, report.total);
    const { failure, node, isEscalated } = report;
    if (isEscalated && escalatesAtOnce(failure)) this.escalate(failure, node);
  }

  onSummary(from: Address, summary: ClusterSummary): void {
    this.take(from, summary.failures);
    this.repeatOrders(from, summary);
  }

  /**
   * Takes in an order of the orchestrator, or through it of another coordinator; false for one to the own clusters that is no
   * person's, of which the own breakers say how it is.
   */
  onOrder(order: CircuitOrder): boolean {
    if (this.isOwn(order)) return false;
    this.circuits.apply(order);
    this.persist();
    return true;
  }

  /** All that is in force: what this coordinator has missed, or another has not taken back, is put right. */
  onMap({ circuits }: MapUpdate): void {
    this.knowsCircuits = true;
    const others = circuits.filter((order) => !this.isOwn(order));
    if (this.circuits.replaceAll([...others, ...this.ownOrders()])) this.persist();
  }

  /** What the own breakers have ordered and is in force. */
  ownOrders(): CircuitOrder[] {
    const { firstCluster } = this.sector;
    return this.panel
      .turned()
      .map((position) => this.order("cluster", firstCluster + position, this.panel.stateOf(position)));
  }

  /** Tells an agent's lead that its results are wrong time and again. */
  accuse(agent: Address): void {
    const { lead } = this.topology.clusterOf(agent);
    this.host.send(lead, { type: "FAILURE", failure: "BYZANTINE_BEHAVIOR", node: agent, isEscalated: false, total: 0 });
  }

  onProbeAnswer(from: Address, { activeRate }: ProbeAnswer): void {
    const position = this.positionOf(from);
    if (position !== undefined) this.panel.onProbeAnswer(position, activeRate > HEALTHY_PROBE, this.nowMs);
  }

  /** Called once a second. */
  tick(): void {
    this.seconds++;
    this.panel.look(this.nowMs);
    if (this.seconds % GROWTH_WINDOW_S === 0) this.closeWindow();
  }

  turned(position: number, state: CircuitState): void {
    const id = this.sector.firstCluster + position;
    const order = this.order("cluster", id, state);
    this.circuits.apply(order);
    this.host.observe({ type: "breaker", scope: "cluster", id, state });
    this.host.send(this.topology.clusters[id]!.lead, order);
    this.host.send(ORCHESTRATOR, order);
    this.persist();
  }

  probe(position: number): void {
    const { lead } = this.topology.clusters[this.sector.firstCluster + position]!;
    this.host.send(lead, { type: "PROBE", challenge: this.seconds });
  }

  saved(): Pick<SavedState, "failures" | "totals" | "turnedBreakers" | "circuits"> {
    const { failures, totals, panel, circuits } = this;
    return { failures, totals: totals.entries(), turnedBreakers: panel.turned(), circuits: circuits.turned() };
  }

  restore({ failures, totals, turnedBreakers, circuits }: SavedState): void {
    this.failures = failures;
    this.circuits.replaceAll(circuits.filter((order) => !this.isOwn(order)));
    this.totals.restore(totals);
    // Whatever they were in the middle of begins anew, with a probe in 30 s.
    for (const position of turnedBreakers) this.panel.trip(position, this.nowMs);
  }

  /** Since this process began, by its own sweeps. */
  private get nowMs(): Millis {
    return this.seconds * 1000;
  }

  private take(from: Address, total: number): void {
    const position = this.positionOf(from);
    const news = position === undefined ? 0 : this.totals.news(from, total);
    if (position === undefined || news === 0) return;
    this.failures += news;
    this.inWindow[position]! += news;
    this.growth.add(news);
    this.panel.record(position, news, this.nowMs);
    this.persist();
  }

  /** Document 6.1, CASCADE_FAILURE: isolates what is affected of the sector, and the orchestrator knows at once. */
  private closeWindow(): void {
    const isCalm = this.inWindow.every((count) => count === 0);
    if (this.isCascading && isCalm) {
      this.isCascading = false;
      this.host.observe({ type: "failure-recovered", failure: "CASCADE_FAILURE", node: this.host.self });
    }
    if (this.growth.closeWindow() && !this.isCascading) {
      this.isCascading = true;
      const evidence = "failures in the sector doubled three times in a row";
      this.host.observe({ type: "failure-detected", failure: "CASCADE_FAILURE", node: this.host.self, evidence });
      for (const [position, count] of this.inWindow.entries()) if (count > 0) this.panel.trip(position, this.nowMs);
      this.escalate("CASCADE_FAILURE", this.host.self);
    }
    this.inWindow.fill(0);
  }

  private escalate(failure: FailureReport["failure"], node: Address): void {
    this.host.observe({ type: "failure-escalated", failure, node, to: "orchestrator" });
    this.host.send(ORCHESTRATOR, { type: "FAILURE", failure, node, isEscalated: true, total: this.failures });
  }

  /** Tells a lead again what is in force, where its summary shows that it has missed it or has forgotten it. */
  private repeatOrders(lead: Address, { clusterIndex, circuit }: ClusterSummary): void {
    const own = this.panel.stateOf(clusterIndex - this.sector.firstCluster);
    if (this.knowsCircuits) {
      if (circuit === this.circuits.stateFor(this.sector.index, clusterIndex)) return;
      for (const order of this.circuits.ordersFor(this.sector.index, clusterIndex)) this.host.send(lead, order);
    } else if (own !== "CLOSED" && circuit !== own) this.host.send(lead, this.order("cluster", clusterIndex, own));
  }

  private order(scope: CircuitOrder["scope"], targetId: number, state: CircuitState): CircuitOrder {
    const action = CIRCUIT_ACTIONS[state];
    return { type: "CIRCUIT", action, scope, targetId, byHand: false, reason: `breaker ${state}` };
  }

  private positionOf(lead: Address): number | undefined {
    const position = lead - this.topology.firstLead - this.sector.firstCluster;
    return position >= 0 && position < this.sector.clusterCount ? position : undefined;
  }
}
