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
  ConflictLetGoFact,
  ConflictLoggedFact,
  ConflictResolvedFact,
  Tier,
} from "../../protocol/mesh-30k/facts.js";
import type { ConflictType } from "../../protocol/mesh-30k/messages.js";
import { US_PER_MS } from "../../sim/time.js";
import type { Results } from "../results.js";
import { type Matter, type Member, NodeBooks } from "./conflict-books.js";
import { Distribution } from "./distribution.js";

type Section = Results["conflicts"];

/** Whether it was or is open beyond its own deadline at `nowUs`. */
function isLate({ fact, loggedUs }: Member, nowUs: number): boolean {
  return nowUs - loggedUs > fact.deadlineMs * US_PER_MS;
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
      case "conflict-let-go":
        this.onLetGo(nowUs, node, fact);
        return;
      case "conflict-resolved":
        this.onResolved(nowUs, node, fact);
        return;
    }
  }

  /** @param nowUs when the run ends: what is open then may be late */
  results(nowUs: number): Section {
    const open = new Map<string, { open: number; late: number }>();
    for (const { members } of this.openMatters()) {
      for (const member of members) {
        if (!member.fact.isOwn || member.isResolved) continue;
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
      byTier: this.byTier(),
      putToPeople: this.toPeople,
      driftingClocks: [...this.drifting].sort(([a], [b]) => a - b).map(([node, times]) => ({ node, times })),
    };
  }

  /** What is open is counted where it was logged, whatever process holds it now. */
  private byTier(): Section["byTier"] {
    const members = [...this.openMatters()].flatMap((matter) => matter.members.map((member) => ({ matter, member })));
    return TIERS.map((tier) => {
      const open = members.filter(({ matter, member: { fact, isResolved } }) => {
        return fact.tier === tier && (fact.isOwn ? !isResolved : matter.resolution === undefined);
      });
      const { own, told, ...others } = this.tiers.get(tier)!;
      return { tier, own, told, open: open.length, ...others };
    });
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
    const known = books.caseOf(caseId);
    const isNew = !books.logged.has(conflictId);
    // What others see to, a process may forget once it is settled, as it may with a crash; who asks again tells it again.
    this.check(isNew || (!isOwn && known === undefined));
    books.logged.add(conflictId);
    const member = { fact, loggedUs: nowUs, isResolved: false };
    if (known === undefined) {
      books.hold(caseId, { matter: { members: [member], resolution: undefined }, known: 1, wasTaken: false });
    } else {
      known.matter.members.push(member);
      books.join(known);
    }
    this.check(books.mayHold(fact.held));
    if (known === undefined) {
      this.check(fact.escalates === priority >= TOLD_FROM[tier]);
      if (fact.escalates) this.announced.add(`${node}/${conflictId}`);
    }
    const tally = this.tiers.get(tier)!;
    if (isOwn) {
      tally.own++;
      this.rowOf(fact).logged++;
    } else if (isNew) tally.told++;
  }

  private onAccepted(node: Address, { conflictId, by }: ConflictAcceptedFact): void {
    // What the process before it had told of may be all that it has to do with conflicts.
    const tier = this.tierOf.get(node) ?? this.tierOf.get(this.otherOf(node))!;
    this.tiers.get(tier)!.accepted++;
    // Nodes know offices, and whoever holds one answers for it.
    const isLogged = [by, this.otherOf(by)].some((process) => this.booksOf(process).logged.has(conflictId));
    this.check(isLogged);
  }

  /** What was settled by the one before, unknown to the one after, counts once. */
  private onInherited(node: Address, { conflictId, from, tier, members: known, held }: ConflictInheritedFact): void {
    const [before, after] = [this.booksOf(from), this.booksOf(node)];
    this.check(before.logged.has(conflictId) && after.caseOf(conflictId) === undefined);
    this.tierOf.set(node, tier);
    this.tiers.get(tier)!.inherited++;
    const matter = before.handOver(conflictId)?.matter ?? { members: [], resolution: undefined };
    after.logged.add(conflictId);
    after.hold(conflictId, { matter, known, wasTaken: false });
    this.check(after.mayHold(held));
  }

  /** What was logged to a case after the other process had resolved it is resolved with it. */
  private onLetGo(nowUs: number, node: Address, { conflictId }: ConflictLetGoFact): void {
    const matter = this.booksOf(node).letGo(conflictId)?.matter;
    this.check(matter !== undefined);
    if (matter?.resolution !== undefined) this.settle(matter, matter.resolution, nowUs);
  }

  private onResolved(nowUs: number, node: Address, fact: ConflictResolvedFact): void {
    const books = this.booksOf(node);
    const held = books.caseOf(fact.conflictId);
    this.check(held !== undefined && held.known === fact.members);
    books.release(fact.conflictId);
    this.check(books.mayHold(fact.held));
    if (held === undefined) return;
    held.matter.resolution ??= `${fact.method}/${fact.outcome}`;
    const isFirst = this.settle(held.matter, held.matter.resolution, nowUs);
    if (isFirst && fact.drifting !== undefined) {
      this.drifting.set(fact.drifting, (this.drifting.get(fact.drifting) ?? 0) + 1);
    }
  }

  /** Counts what is not resolved of a case as resolved; false if that is nothing. */
  private settle({ members }: Matter, resolution: string, nowUs: number): boolean {
    const settled = members.filter(({ fact, isResolved }) => fact.isOwn && !isResolved);
    for (const member of settled) {
      member.isResolved = true;
      const row = this.rowOf(member.fact);
      row.resolved++;
      row.afterMs.add((nowUs - member.loggedUs) / US_PER_MS);
      if (isLate(member, nowUs)) row.late++;
    }
    if (settled.length > 0) this.outcomes.set(resolution, (this.outcomes.get(resolution) ?? 0) + settled.length);
    return settled.length > 0;
  }

  /** Each once, whoever holds it. */
  private openMatters(): ReadonlySet<Matter> {
    return new Set([...this.nodes.values()].flatMap(({ open }) => [...open.values()].map(({ matter }) => matter)));
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
