/** What a sector coordinator does about failures: counts them, isolates clusters, tells the orchestrator (6.1, 6.2). */
import type { Address, Host, Millis } from "../../contract.js";
import type { CircuitBoard } from "../circuit-board.js";
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

/** How often it is said in summaries that a breaker has closed, one of which arrives. */
const CLOSINGS_TOLD = 3;

export const CIRCUIT_ACTIONS: Readonly<Record<CircuitState, CircuitOrder["action"]>> = {
  CLOSED: "CLOSE",
  OPEN: "OPEN",
  HALF_OPEN: "HALF_OPEN",
};

export class SectorResilience implements BreakerActions {
  /** Failures in the sector, counted in all the life of this coordinator. */
  failures = 0;
  private readonly panel: BreakerPanel;
  private readonly totals = new FailureTotals();
  private readonly growth = new ExponentialGrowth();
  /** By position in the sector: failures since the window of `growth` began. */
  private readonly inWindow: number[];
  private isCascading = false;
  /** Own breakers that have closed: how often the orchestrator is still to be told of each. */
  private readonly closed = new Map<number, number>();
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
    const { clusterCount } = sector;
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

  /** An order to somebody who routes messages, of the orchestrator or through it. */
  onOrder(order: CircuitOrder): void {
    this.circuits.apply(order);
    if (order.scope === "cluster") this.closed.delete(order.targetId - this.sector.firstCluster);
    this.persist();
  }

  /** What of the mesh is cut off, by the orchestrator's word; of the own clusters by the own breakers'. */
  onMap({ circuits }: MapUpdate): void {
    this.knowsCircuits = true;
    this.circuits.replaceBy(circuits);
    for (const order of this.ownOrders()) this.circuits.apply(order);
    this.persist();
  }

  /** What the orchestrator is told with each summary of the own breakers. */
  standingOrders(): readonly CircuitOrder[] {
    const orders = this.ownOrders();
    for (const [position, times] of this.closed) {
      if (times === 1) this.closed.delete(position);
      else this.closed.set(position, times - 1);
    }
    return orders;
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
    if (state === "CLOSED") this.closed.set(position, CLOSINGS_TOLD);
    else this.closed.delete(position);
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
    this.circuits.replaceBy(circuits);
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
  private repeatOrders(lead: Address, { clusterIndex, isCut }: ClusterSummary): void {
    const isOwnOpen = this.panel.stateOf(clusterIndex - this.sector.firstCluster) === "OPEN";
    if (!this.knowsCircuits && !isOwnOpen) return;
    const orders = this.circuits.openFor(this.sector.index, clusterIndex);
    if (!isCut) for (const order of orders) this.host.send(lead, order);
    else if (orders.length === 0) {
      this.host.send(lead, this.order("cluster", clusterIndex, "CLOSED"));
      this.host.send(lead, this.order("sector", this.sector.index, "CLOSED"));
      this.host.send(lead, this.order("global", 0, "CLOSED"));
    }
  }

  private ownOrders(): CircuitOrder[] {
    const { firstCluster } = this.sector;
    return [...this.panel.turned(), ...this.closed.keys()].map((position) =>
      this.order("cluster", firstCluster + position, this.panel.stateOf(position)),
    );
  }

  private order(scope: CircuitOrder["scope"], targetId: number, state: CircuitState): CircuitOrder {
    return { type: "CIRCUIT", action: CIRCUIT_ACTIONS[state], scope, targetId, reason: `breaker ${state}` };
  }

  private positionOf(lead: Address): number | undefined {
    const position = lead - this.topology.firstLead - this.sector.firstCluster;
    return position >= 0 && position < this.sector.clusterCount ? position : undefined;
  }
}
