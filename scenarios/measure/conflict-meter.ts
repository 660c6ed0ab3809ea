/**
 * Follows every conflict from when it is logged until it is resolved (document 5.1), in true time, and judges whether each
 * is accounted for: what a node has logged is either resolved there or in its quarantine, once; who has to be told of it
 * is told; and what the level above says that it has, it has.
 */
import type { Address } from "../../protocol/contract.js";
import type {
  ConflictAcceptedFact,
  ConflictFact,
  ConflictInheritedFact,
  ConflictLoggedFact,
  ConflictResolvedFact,
  Tier,
} from "../../protocol/mesh-30k/facts.js";
import type { ConflictType } from "../../protocol/mesh-30k/messages.js";
import { US_PER_MS } from "../../sim/time.js";
import type { Results } from "../results.js";
import { Distribution } from "./distribution.js";

type Section = Results["conflicts"];

/** Conflicts of one case, which may differ in type and priority, that were logged at one node and are not resolved there. */
interface OpenCase {
  readonly members: { readonly fact: ConflictLoggedFact; readonly loggedUs: number }[];
  /** How many the node knows of: fewer than there are where it took the case over from one that told of fewer. */
  known: number;
}

/** Whether it was or is open beyond its own deadline at `nowUs`. */
function isLate({ fact, loggedUs }: OpenCase["members"][number], nowUs: number): boolean {
  return nowUs - loggedUs > fact.deadlineMs * US_PER_MS;
}

/** What one node should have in quarantine, by its facts. */
class NodeBooks {
  readonly logged = new Set<number>();
  readonly open = new Map<number, OpenCase>();
  held = 0;
}

/** Conflicts of one type and priority, at the node that logged them first. */
class Row {
  logged = 0;
  resolved = 0;
  late = 0;
  readonly afterMs = new Distribution();
}

/** From which priority on the document wants the level above to be told (5.1). */
const TOLD_FROM: Readonly<Record<Tier, number>> = { lead: 3, sector: 4, orchestrator: Number.POSITIVE_INFINITY };
const TIERS = ["lead", "sector", "orchestrator"] as const;

/** The other process of the office of an address; the address itself where there is none. */
type OtherOf = (address: Address) => Address;

export class ConflictMeter {
  checks = 0;
  violations = 0;
  private readonly nodes = new Map<Address, NodeBooks>();
  private readonly rows = new Map<string, Row>();
  private readonly outcomes = new Map<string, number>();
  private readonly tiers = new Map(
    TIERS.map((tier) => [tier, { own: 0, told: 0, inherited: 0, escalated: 0, asked: 0, accepted: 0 }]),
  );
  /** Escalations that a node has announced and not made. */
  private readonly announced = new Set<string>();
  private readonly tierOf = new Map<Address, Tier>();
  private readonly drifting = new Map<Address, number>();
  private toPeople = 0;

  constructor(private readonly otherOf: OtherOf = (address) => address) {}

  onFact(nowUs: number, node: Address, fact: ConflictFact): void {
    switch (fact.type) {
      case "conflict-logged":
        this.onLogged(nowUs, node, fact);
        return;
      case "conflict-escalated": {
        const books = this.tiers.get(this.tierOf.get(node)!)!;
        if (fact.asks) books.asked++;
        else books.escalated++;
        this.check(this.booksOf(node).logged.has(fact.conflictId));
        this.announced.delete(`${node}/${fact.conflictId}`);
        return;
      }
      case "conflict-accepted":
        this.onAccepted(node, fact);
        return;
      case "conflict-put-to-people":
        this.toPeople++;
        return;
      case "conflict-inherited":
        this.onInherited(node, fact);
        return;
      case "conflict-resolved":
        this.onResolved(nowUs, node, fact);
        return;
    }
  }

  /** @param nowUs when the run ends: what is open then may be late */
  results(nowUs: number): Section {
    const open = new Map<string, { open: number; late: number }>();
    for (const { open: cases } of this.nodes.values()) {
      for (const member of [...cases.values()].flatMap(({ members }) => members)) {
        if (!member.fact.isOwn) continue;
        const key = keyOf(member.fact.conflictType, member.fact.priority);
        const sum = open.get(key) ?? { open: 0, late: 0 };
        sum.open++;
        if (isLate(member, nowUs)) sum.late++;
        open.set(key, sum);
      }
    }
    return {
      byType: sorted(this.rows).map(([key, row]) => {
        const [type, priority] = key.split("/") as [ConflictType, string];
        const { open: left, late } = open.get(key) ?? { open: 0, late: 0 };
        return {
          type,
          priority: Number(priority),
          logged: row.logged,
          resolved: row.resolved,
          open: left,
          late: row.late + late,
          resolvedAfterMs: row.afterMs.quantiles(),
        };
      }),
      byOutcome: sorted(this.outcomes).map(([key, conflicts]) => {
        const [method, outcome] = key.split("/") as [string, string];
        return { method, outcome, conflicts };
      }),
      byTier: TIERS.map((tier) => ({ tier, ...this.tiers.get(tier)! })),
      putToPeople: this.toPeople,
      driftingClocks: [...this.drifting].sort(([a], [b]) => a - b).map(([node, times]) => ({ node, times })),
    };
  }

  /** What the judge says, the escalations that were announced and never made among it. */
  invariant(): Results["invariants"][number] {
    return {
      name: "every quarantined conflict accounted for",
      checks: this.checks + this.announced.size,
      violations: this.violations + this.announced.size,
    };
  }

  private onLogged(nowUs: number, node: Address, fact: ConflictLoggedFact): void {
    const { conflictId, caseId, priority, tier, isOwn } = fact;
    const books = this.booksOf(node);
    this.tierOf.set(node, tier);
    this.check(!books.logged.has(conflictId));
    books.logged.add(conflictId);
    const known = books.open.get(caseId);
    const member = { fact, loggedUs: nowUs };
    if (known === undefined) books.open.set(caseId, { members: [member], known: 1 });
    else {
      known.members.push(member);
      known.known++;
    }
    books.held++;
    this.checkHeld(books, fact.held);
    if (known === undefined) {
      this.check(fact.escalates === priority >= TOLD_FROM[tier]);
      if (fact.escalates) this.announced.add(`${node}/${conflictId}`);
    }
    const tally = this.tiers.get(tier)!;
    if (isOwn) {
      tally.own++;
      this.rowOf(fact).logged++;
    } else tally.told++;
  }

  private onAccepted(node: Address, { conflictId, by }: ConflictAcceptedFact): void {
    this.tiers.get(this.tierOf.get(node)!)!.accepted++;
    // Nodes know offices, and whoever holds one answers for it.
    const isLogged = [by, this.otherOf(by)].some((process) => this.booksOf(process).logged.has(conflictId));
    this.check(isLogged);
  }

  /** What was settled by the one before, unknown to the one after, has no members left, and counts once. */
  private onInherited(node: Address, { conflictId, from, tier, members: known, held }: ConflictInheritedFact): void {
    const [before, after] = [this.booksOf(from), this.booksOf(node)];
    this.check(before.logged.has(conflictId) && !after.open.has(conflictId));
    this.tierOf.set(node, tier);
    this.tiers.get(tier)!.inherited++;
    const matter = before.open.get(conflictId);
    before.open.delete(conflictId);
    before.held -= matter?.known ?? 0;
    after.logged.add(conflictId);
    after.open.set(conflictId, { members: matter?.members ?? [], known });
    after.held += known;
    this.checkHeld(after, held);
  }

  private onResolved(nowUs: number, node: Address, fact: ConflictResolvedFact): void {
    const books = this.booksOf(node);
    const matter = books.open.get(fact.conflictId);
    this.check(matter !== undefined && matter.known === fact.members);
    books.held -= matter?.known ?? 0;
    books.open.delete(fact.conflictId);
    this.checkHeld(books, fact.held);
    const own = matter?.members.filter((member) => member.fact.isOwn) ?? [];
    if (own.length === 0) return;
    for (const member of own) {
      const row = this.rowOf(member.fact);
      row.resolved++;
      row.afterMs.add((nowUs - member.loggedUs) / US_PER_MS);
      if (isLate(member, nowUs)) row.late++;
    }
    const key = `${fact.method}/${fact.outcome}`;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + own.length);
    if (fact.drifting !== undefined) this.drifting.set(fact.drifting, (this.drifting.get(fact.drifting) ?? 0) + 1);
  }

  /** A wrong book is told once, and gone on from. */
  private checkHeld(books: NodeBooks, held: number): void {
    this.check(books.held === held);
    books.held = held;
  }

  private check(holds: boolean): void {
    this.checks++;
    if (!holds) this.violations++;
  }

  private booksOf(node: Address): NodeBooks {
    let books = this.nodes.get(node);
    if (books === undefined) {
      books = new NodeBooks();
      this.nodes.set(node, books);
    }
    return books;
  }

  private rowOf({ conflictType, priority }: ConflictLoggedFact): Row {
    const key = keyOf(conflictType, priority);
    let row = this.rows.get(key);
    if (row === undefined) {
      row = new Row();
      this.rows.set(key, row);
    }
    return row;
  }
}

function keyOf(type: ConflictType, priority: number): string {
  return `${type}/${priority}`;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
