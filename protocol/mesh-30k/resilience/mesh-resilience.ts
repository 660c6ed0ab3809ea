/**
 * What the orchestrator does about failures: holds the breakers of the sectors and of the mesh (6.2), and sets the
 * operational mode by its own statistics (6.3).
 */
import type { Address, Host, Millis } from "../../contract.js";
import type { CircuitBoard } from "../circuit-board.js";
import type { Fact } from "../facts.js";
import type { GlobalStats } from "../impedance-map.js";
import type { CircuitOrder, FailureReport, MeshMessage, ModeOrder, ProbeAnswer, SectorSummary } from "../messages.js";
import type { ProtocolOptions } from "../options.js";
import type { Topology } from "../topology.js";
import { BreakerPanel } from "./breaker-panel.js";
import { type CircuitState, OPEN_SECTORS, SECTOR_FAILURES } from "./circuit-breaker.js";
import { escalatesAtOnce } from "./failure-class.js";
import { FailureTotals } from "./failure-totals.js";
import { FAILURE_WINDOWS } from "./failure-window.js";
import { modeFor, type OperationalMode } from "./operational-mode.js";
import type { SavedState } from "./saved-state.js";
import { CIRCUIT_ACTIONS, HEALTHY_PROBE } from "./sector-resilience.js";

/** What only the orchestrator itself can do. */
export interface MeshActions {
  /** Sends an order to every coordinator. */
  orderAll(order: CircuitOrder | ModeOrder): void;
  /** Takes its own order of the mode in. */
  takeMode(order: ModeOrder): void;
  persist(): void;
}

/**
 * Orders of the mode that a process may have given out since it was last heard of; whoever comes after it leaves out as many
 * numbers, so that none stands for two orders.
 */
const UNKNOWN_ORDERS = 16;
/** The last of the saved positions of breakers stands for the mesh's own. */
const MESH = 0;

export class MeshResilience {
  private readonly sectors: BreakerPanel;
  private readonly mesh: BreakerPanel;
  private readonly totals = new FailureTotals();
  /** Coordinators that answered the probe of the mesh's breaker in good health. */
  private readonly healthy = new Set<Address>();
  private mode: OperationalMode = "FULL";
  private modeNumber = 0;
  private unhealthySectors: readonly number[] = [];
  private seconds = 0;
  /** As written both processes may be in office, and would outbid each other. */
  private readonly outnumbers: boolean;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly topology: Topology,
    options: ProtocolOptions,
    private readonly circuits: CircuitBoard,
    private readonly actions: MeshActions,
  ) {
    this.outnumbers = options.takeover === "repaired";
    const makeWindow = FAILURE_WINDOWS[options.failureWindow];
    this.sectors = new BreakerPanel(topology.sectors.length, SECTOR_FAILURES, makeWindow, {
      turned: (index, state) => this.sectorTurned(index, state),
      probe: (index) => this.probe(topology.sectors[index]!.coordinator),
    });
    // Not tripped by a count of failures but by open sectors: `trip`. Half-open it is tripped again by what is open then.
    this.mesh = new BreakerPanel(1, OPEN_SECTORS, makeWindow, {
      turned: (_index, state) => this.turn("global", 0, state),
      probe: () => {
        this.healthy.clear();
        for (const { coordinator } of topology.sectors) this.probe(coordinator);
      },
    });
  }

  /** A coordinator tells of a failure that is escalated at once, and is an operator's business (6.1). */
  onReport(from: Address, { failure, node, isEscalated, total }: FailureReport): void {
    if (isEscalated && escalatesAtOnce(failure)) this.host.observe({ type: "operators-alerted", about: failure, node });
    this.onFailures(from, total);
  }

  /** Takes a running total of failures in, from a coordinator's report or summary. */
  onFailures(from: Address, total: number): void {
    const sector = this.sectorOf(from);
    const news = sector === undefined ? 0 : this.totals.news(from, total);
    if (sector === undefined || news === 0) return;
    this.sectors.record(sector, news, this.nowMs);
    this.actions.persist();
  }

  onProbeAnswer(from: Address, { activeRate }: ProbeAnswer): void {
    const sector = this.sectorOf(from);
    if (sector === undefined) return;
    const isHealthy = activeRate > HEALTHY_PROBE;
    this.sectors.onProbeAnswer(sector, isHealthy, this.nowMs);
    if (this.mesh.stateOf(MESH) !== "OPEN" || !isHealthy) return;
    this.healthy.add(from);
    const isMost = this.healthy.size > this.topology.sectors.length * HEALTHY_PROBE;
    if (isMost) this.mesh.onProbeAnswer(MESH, true, this.nowMs);
  }

  /** Called once a second. */
  tick(): void {
    this.seconds++;
    this.sectors.look(this.nowMs);
    this.mesh.look(this.nowMs);
  }

  /** Sets the mode by what is known of the mesh; called at each summary interval, once enough can have been heard. */
  judge(stats: GlobalStats, unhealthySectors: readonly number[]): void {
    if (Number.isNaN(stats.activeRate)) return;
    const mode = modeFor(stats.activeRate);
    const isSame = mode === this.mode && (mode === "FULL" || sameNumbers(unhealthySectors, this.unhealthySectors));
    if (isSame) return;
    const isAlarm = mode === "EMERGENCY" && this.mode !== "EMERGENCY";
    if (mode !== this.mode) this.host.observe({ type: "mode", mode, activeRate: stats.activeRate });
    this.mode = mode;
    this.unhealthySectors = unhealthySectors;
    this.orderAs(this.modeNumber + 1);
    if (isAlarm) this.host.observe({ type: "operators-alerted", about: "EMERGENCY", node: this.host.self });
  }

  /**
   * The order in force for a coordinator that has taken an older one; undefined where it has this one. Where it or a lead has a
   * later one, of a process that was in office before, the mode that is in force outdoes that, and all are told.
   */
  orderFor({ modeNumber, clusters }: SectorSummary): ModeOrder | undefined {
    const latest = clusters.reduce((number, lead) => Math.max(number, lead?.modeNumber ?? 0), modeNumber);
    if (latest > this.modeNumber && this.outnumbers) {
      this.host.observe({ type: "mode", mode: this.mode, activeRate: undefined });
      this.orderAs(latest + 1);
      return undefined;
    }
    return modeNumber < this.modeNumber ? this.order() : undefined;
  }

  /** Tells of the mode in force: the process in office before may have left another one. */
  start(): void {
    this.host.observe({ type: "mode", mode: this.mode, activeRate: undefined });
  }

  saved(): Pick<SavedState, "mode" | "totals" | "turnedBreakers"> {
    const open = this.mesh.turned().map(() => this.topology.sectors.length);
    return {
      mode: this.order(),
      totals: this.totals.entries(),
      turnedBreakers: [...this.sectors.turned(), ...open],
    };
  }

  restore({ mode, totals, turnedBreakers }: SavedState): void {
    this.totals.restore(totals);
    if (mode !== undefined) {
      this.mode = mode.mode;
      this.modeNumber = mode.number;
      this.unhealthySectors = mode.unhealthySectors;
    }
    if (this.outnumbers) this.modeNumber += UNKNOWN_ORDERS;
    const order = this.order();
    if (order !== undefined) this.actions.takeMode(order);
    // Last, since what a breaker does is saved at once.
    for (const index of turnedBreakers) {
      if (index < this.topology.sectors.length) this.sectors.trip(index, this.nowMs);
      else this.mesh.trip(MESH, this.nowMs);
    }
  }

  private get nowMs(): Millis {
    return this.seconds * 1000;
  }

  private orderAs(number: number): void {
    this.modeNumber = number;
    const order = this.order()!;
    this.actions.takeMode(order);
    this.actions.orderAll(order);
    this.actions.persist();
  }

  private order(): ModeOrder | undefined {
    if (this.modeNumber === 0) return undefined;
    return {
      type: "MODE",
      mode: this.mode,
      number: this.modeNumber,
      unhealthySectors: this.unhealthySectors,
    };
  }

  private sectorTurned(index: number, state: CircuitState): void {
    this.turn("sector", index, state);
    if (state === "OPEN" && this.sectors.openCount > OPEN_SECTORS) this.mesh.trip(MESH, this.nowMs);
  }

  private turn(scope: "sector" | "global", targetId: number, state: CircuitState): void {
    const action = CIRCUIT_ACTIONS[state];
    const order: CircuitOrder = { type: "CIRCUIT", action, scope, targetId, byHand: false, reason: `breaker ${state}` };
    this.circuits.apply(order);
    this.host.observe({ type: "breaker", scope, id: targetId, state });
    this.actions.orderAll(order);
    this.actions.persist();
  }

  private probe(coordinator: Address): void {
    this.host.send(coordinator, { type: "PROBE", challenge: this.seconds });
  }

  private sectorOf(coordinator: Address): number | undefined {
    const sector = coordinator - this.topology.sectors[0]!.coordinator;
    return sector >= 0 && sector < this.topology.sectors.length ? sector : undefined;
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
