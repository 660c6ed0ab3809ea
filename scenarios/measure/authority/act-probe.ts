/**
 * Notes when a process acts on a member of its office, in a shard: when something that only a holder says reaches a member
 * that obeys it. Of each process, the first such act of each whole second is enough to tell who is in charge of whom.
 */
import type { Address } from "../../../protocol/contract.js";
import { Office } from "../../../protocol/mesh-30k/authority/office.js";
import type { MeshMessage } from "../../../protocol/mesh-30k/messages.js";
import type { Variant } from "../../../protocol/mesh-30k/options.js";
import type { Topology } from "../../../protocol/mesh-30k/topology.js";
import { type Micros, US_PER_S } from "../../../sim/time.js";
import type { MeshNotes } from "../mesh-notes.js";

/** What nodes say that do not hold an office, too. */
const NO_ACTS: ReadonlySet<MeshMessage["type"]> = new Set(["ACK", "GRANT", "CANVASS", "VOTE", "OUTDATED"]);

const NOBODY = -1;

export class ActProbe {
  /** The office above each node, and the process that it follows. */
  private readonly superiorOf: Int32Array;
  private readonly followed: Int32Array;
  private readonly actSecond: Int32Array;
  private readonly obeysAnybody: boolean;

  /** @param takeover as written members obey whoever gives orders, as repaired only whom they follow */
  constructor(
    private readonly topology: Topology,
    private readonly notes: MeshNotes,
    takeover: Variant,
  ) {
    this.superiorOf = new Int32Array(topology.nodeCount).fill(NOBODY);
    this.actSecond = new Int32Array(topology.nodeCount).fill(NOBODY);
    this.obeysAnybody = takeover === "as-written";
    for (let id = 0; id < topology.officeCount; id++) {
      for (const member of new Office(topology, id).members()) this.superiorOf[member] = id;
    }
    this.followed = this.superiorOf.slice();
  }

  onFollows(member: Address, holder: Address): void {
    this.followed[member] = holder;
  }

  /** A process that has just started follows the primary. */
  onFresh(member: Address): void {
    this.followed[member] = this.superiorOf[member]!;
  }

  onDelivered(nowUs: Micros, from: Address, to: Address, message: MeshMessage): void {
    if (this.superiorOf[to] !== this.topology.officeOf(from) || NO_ACTS.has(message.type)) return;
    if (!this.obeysAnybody && this.followed[to] !== from) return;
    const second = Math.floor(nowUs / US_PER_S);
    if (this.actSecond[from] === second) return;
    this.actSecond[from] = second;
    this.notes.act(nowUs, from);
  }
}
