/** The strategies of a mesh-wide cascade and the figures that the document gives for them (3.3). */
import type { Millis } from "../contract.js";
import type { ImpedanceClass } from "./impedance-class.js";
import type { Priority, Verb } from "./messages.js";

export const CASCADE_STRATEGIES = ["wave", "parallel", "priority_first"] as const;
export type CascadeStrategy = (typeof CASCADE_STRATEGIES)[number];

/** What an operator asks for. */
export interface CascadeOrder {
  readonly strategy: CascadeStrategy;
  /** Half width of the arrival window. */
  readonly windowMs: Millis;
  readonly payloadWeight: number;
  readonly verb: Verb;
  readonly priority: Priority;
}

/** The window where an operator asks for none: `scatter_gather_30k`'s default (3.2), and the one that 3.3 gives to `parallel`. */
export const WINDOW_MS: Readonly<Record<CascadeStrategy, Millis>> = { wave: 500, parallel: 1000, priority_first: 500 };

/** Level 1 of a wave: the orchestrator's own gather over the sector coordinators. */
export const SECTOR_WINDOW_MS = 200;
export const SECTOR_READY_RATE = 0.98;
/** How long the orchestrator waits for level 2 and level 3 of a wave. */
export const CLUSTER_TIMEOUT_MS = 1000;
export const AGENT_TIMEOUT_MS = 2000;
/** `scatter_gather_30k`'s default. */
export const READY_RATE = 0.95;

export const PARALLEL_READY_RATE = 0.9;

export const PRIORITY_ORDER: readonly { readonly agentClass: ImpedanceClass; readonly readyRate: number }[] = [
  { agentClass: "D", readyRate: 0.99 },
  { agentClass: "C", readyRate: 0.98 },
  { agentClass: "B", readyRate: 0.95 },
  { agentClass: "A", readyRate: 0.9 },
  { agentClass: "E", readyRate: 0.85 },
];
