/** What the node that a conflict desk belongs to does for it: each level of the mesh has its own means. */
import type { Address } from "../../contract.js";
import type { Tier } from "../facts.js";
import type { MessageId } from "../messages.js";
import type { DisputedWork } from "./conflict-messages.js";
import type { ConflictRecord } from "./conflict-record.js";

export interface ConflictRole {
  readonly tier: Tier;
  /** The node above; undefined for the orchestrator. */
  readonly superior: Address | undefined;
  /** How many agents a mesh-wide operation that passes through this node is for. */
  readonly agentsBelow: number;
  /** Gives work to an agent, as a message of its own; undefined where the agent cannot be reached from here. */
  giveTo(agent: Address, work: DisputedWork): MessageId | undefined;
  /** Gives work to the best agent that can do it, but not to this one; undefined where there is none. */
  giveToAnother(agent: Address, work: DisputedWork): MessageId | undefined;
  /** Puts a conflict to a person, as a checkpoint; undefined where there are no people here. */
  putToPeople(record: ConflictRecord): MessageId | undefined;
  /** An agent has said what it can do, which is not what was thought. */
  correctCapabilities(agent: Address, capabilities: readonly string[]): void;
  /** An agent got the same message damaged time and again: for the detection of failures (6.1). */
  suspect(agent: Address, mismatches: number): void;
}
