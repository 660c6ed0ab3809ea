/**
 * The machines that several nodes share, as the engine is told of them: numbers, no hardware. A node that is on none of
 * them has a machine of its own, of which nothing has to be kept.
 */
import type { Address } from "../../protocol/contract.js";

/**
 * How a machine warms up: at constant load its temperature goes to `ambientC` + the rise for that load as exp(-t / tau).
 * The rise grows linearly from idle to all cores busy at full speed; a core at half speed heats half as much.
 */
export interface Heat {
  readonly ambientC: number;
  readonly idleRiseC: number;
  readonly fullRiseC: number;
  readonly timeConstantS: number;
  /** From cool to hot: the speed from each temperature up, as a share of full speed; below the first it is 1. */
  readonly steps: readonly { readonly fromC: number; readonly speed: number }[];
  /** How far below its step a machine has to cool before it is faster again. */
  readonly hysteresisC: number;
}

/** Its nodes' work, which shares cores and a card. */
export interface Sharing {
  readonly cores: number;
  /** Share of its time that a job, unhindered, keeps a core busy; the rest it waits for something else. From 0 to 1. */
  readonly coreShare: number;
  /** Writes to the card in a second of unhindered work, and what the card manages; endless where nothing bounds it. */
  readonly jobWritesPerS: number;
  readonly cardWritesPerS: number;
  readonly heat?: Heat;
}

/** What fills up. Sizes are in bytes. */
export interface Storage {
  readonly memoryBytes: number;
  /** In use before any job comes, while all nodes run. */
  readonly memoryUsedBytes: number;
  /** What the process of a node holds of it. */
  readonly nodeMemoryBytes: number;
  /** What a job holds from when it is accepted until it ends. */
  readonly jobMemoryBytes: number;
  readonly diskBytes: number;
  readonly diskUsedBytes: number;
  /** What a job leaves in logs. */
  readonly jobLogBytes: number;
  /** How often logs are thrown away, in s; infinite where they never are. */
  readonly rotationS: number;
}

/** The one line of all its nodes: first come, first served, with room for so many messages, the one being sent included. */
export interface SharedLine {
  readonly bitsPerS: number;
  readonly room: number;
  /** Whether what comes and what goes wait for each other, as on Wi-Fi. */
  readonly halfDuplex: boolean;
}

/** One machine. What is left out is not shared, or without end. */
export interface HostSpec {
  /** What people call its kind. */
  readonly kind: string;
  /** Ascending. */
  readonly nodes: readonly Address[];
  readonly sharing?: Sharing;
  readonly storage?: Storage;
  readonly line?: SharedLine;
}
