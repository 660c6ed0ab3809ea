/** What each node should have in quarantine, by what the nodes themselves have told (document 5.1). */
import type { ConflictLoggedFact } from "../../protocol/mesh-30k/facts.js";

/** One conflict, from when it was logged. */
export interface Member {
  readonly fact: ConflictLoggedFact;
  readonly loggedUs: number;
  /** Whether some process has resolved the case that it belongs to since. */
  isResolved: boolean;
}

/** Conflicts of one case, which may differ in type and priority; both processes of an office may hold it. */
export interface Matter {
  readonly members: Member[];
  /** How it was resolved first: `METHOD/outcome`. */
  resolution: string | undefined;
}

/** A case as one process has it. */
export interface HeldCase {
  readonly matter: Matter;
  /** How many of its conflicts the process knows of: fewer than there are where it took the case over from one that told of fewer. */
  known: number;
  /** Whether the other process of the office has taken it over. */
  wasTaken: boolean;
}

export class NodeBooks {
  readonly logged = new Set<number>();
  readonly open = new Map<number, HeldCase>();
  /**
   * Cases that the other process of the office has taken over from this one, of which nobody can say whether it has them still: it
   * lets them go once it is told. It has them as long as it is not, and has none if it died for good.
   */
  private readonly taken = new Map<number, HeldCase>();
  private held = 0;

  /** The case that a node says it has; undefined where it cannot have it. */
  caseOf(id: number): HeldCase | undefined {
    if (!this.open.has(id) && this.taken.has(id)) this.takeBack();
    return this.open.get(id);
  }

  hold(id: number, held: HeldCase): void {
    this.open.set(id, held);
    this.held += held.known;
  }

  join(held: HeldCase): void {
    held.known++;
    this.held++;
  }

  release(id: number): void {
    this.held -= this.open.get(id)?.known ?? 0;
    this.open.delete(id);
  }

  /** The other process has taken a case over; the case as this one had it, if it had it. */
  handOver(id: number): HeldCase | undefined {
    const held = this.open.get(id);
    if (held === undefined) return this.taken.get(id);
    this.release(id);
    this.taken.set(id, { ...held, wasTaken: true });
    return held;
  }

  /** The process says that it has a case no more, which the other one has taken over; undefined where that is not so. */
  letGo(id: number): HeldCase | undefined {
    const held = this.open.get(id) ?? this.taken.get(id);
    if (held?.wasTaken !== true) return undefined;
    this.release(id);
    this.taken.delete(id);
    return held;
  }

  /**
   * Whether a node may hold as many conflicts as it says: those that are open there, and, where it has not been told, those that
   * were taken over from it. A wrong number is told once, and gone on from.
   */
  mayHold(held: number): boolean {
    if (this.taken.size > 0 && held !== this.held) {
      let taken = 0;
      for (const { known } of this.taken.values()) taken += known;
      if (held === this.held + taken) this.takeBack();
    }
    const isRight = held === this.held;
    this.held = held;
    return isRight;
  }

  /** The process has come back and has not been told. */
  private takeBack(): void {
    for (const [id, held] of this.taken) this.hold(id, held);
    this.taken.clear();
  }
}
