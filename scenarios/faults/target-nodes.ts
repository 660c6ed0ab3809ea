/** From a target to nodes: the units that match, and of these as many as are asked for. */
import type { Address } from "../../protocol/contract.js";
import type { Count } from "../language/fault-fields.js";
import { CRITERIA, type Target, type Whole } from "../language/fault-target.js";
import { CRITERION, type Holds } from "./criteria.js";
import type { FaultGround } from "./fault-ground.js";
import type { KeyedDraw } from "./keyed-draw.js";
import type { Place } from "./refusal.js";

/** What is drawn as one: a node, or all nodes of a board, a sector and so on. */
export interface Unit {
  /** Its place among all units of its kind: an address, or the id of the whole. */
  readonly id: number;
  readonly nodes: readonly Address[];
}

/** What a target comes down to. */
export class Candidates {
  constructor(
    readonly units: readonly Unit[],
    /** How many of them are struck each time. */
    readonly count: number,
    private readonly draw: KeyedDraw,
  ) {}

  /** As many as are asked for, in the order of the mesh. Draws anew each time, unless all are struck. */
  chosen(): readonly Unit[] {
    const { units, count, draw } = this;
    if (count === units.length) return units;
    return draw.chosen(units, count).sort((a, b) => a.id - b.id);
  }
}

export interface Choosing {
  readonly ground: FaultGround;
  /** Where the target stands. */
  readonly place: Place;
  readonly draw: KeyedDraw;
  /** In place of the target's own `whole`. */
  readonly whole?: Whole;
  /** Leaves out what the kind of fault cannot strike, and says what it can, to complete "expected ...". */
  readonly only?: { readonly holds: Holds; readonly expected: string };
}

/** Refuses a target that nobody or nothing matches. */
export function candidates(target: Target, { ground, place, draw, whole = target.whole, only }: Choosing): Candidates {
  const criteria = CRITERIA.flatMap((key) => {
    const given = target[key];
    if (given === undefined) return [];
    const values: readonly (string | number)[] = [given].flat();
    const holds = values.map((value, index) =>
      CRITERION[key](value, ground, Array.isArray(given) ? place.at(key, index) : place.at(key)),
    );
    return [{ key, holds: (address: Address) => holds.some((each) => each(address)) }];
  });
  const all = Array.from({ length: ground.nodeCount }, (_, address) => address);
  const able = only === undefined ? all : all.filter(only.holds);
  const nodes = able.filter((address) => criteria.every(({ holds }) => holds(address)));
  if (nodes.length === 0) {
    const alone = criteria.map(({ key, holds }) => `${key} alone: ${able.filter(holds).length}`).join(", ");
    const kind = only === undefined ? "" : `; expected ${only.expected}`;
    place.refuse(`matches nobody${alone === "" ? "" : ` (${alone})`}${kind}`);
  }
  const units =
    whole === undefined ? nodes.map((id) => ({ id, nodes: [id] })) : wholesOf(nodes, whole, ground, only?.holds);
  if (units.length === 0) place.refuse(`matches ${counted(nodes.length, "node")}, none of which stands on a ${whole}`);
  return new Candidates(units, howMany(target.count ?? "all", units.length, whole ?? "node", place.at("count")), draw);
}

function wholesOf(nodes: readonly Address[], whole: Whole, ground: FaultGround, able: Holds = () => true): Unit[] {
  const ids = ground.idsOf(whole);
  const members = ground.membersOf(whole);
  const found = new Set<number>();
  for (const address of nodes) if (ids[address]! >= 0) found.add(ids[address]!);
  return [...found].sort((a, b) => a - b).map((id) => ({ id, nodes: members[id]!.filter(able) }));
}

function howMany(count: Count, of: number, unit: string, place: Place): number {
  if (typeof count === "number") {
    return count <= of ? count : place.refuse(`is ${count}; ${counted(of, unit)} match${of === 1 ? "es" : ""}`);
  }
  switch (count) {
    case "all":
      return of;
    case "one":
      return 1;
    case "majority":
      return Math.floor(of / 2) + 1;
    case "minority": {
      const minority = Math.floor((of - 1) / 2);
      return minority > 0
        ? minority
        : place.refuse(`is minority, of ${counted(of, unit)}, which is nobody; expected three or more to match`);
    }
    default: {
      const share = Math.round(count.share * of);
      const percent = Number((count.share * 100).toPrecision(6));
      return share > 0
        ? share
        : place.refuse(
            `is ${percent} %, of ${counted(of, unit)}, which is nobody; expected a larger share, or a number`,
          );
    }
  }
}

export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A target as a reader would say it: `5 % of class E, region westeurope`, `a majority of clusters with class C`. */
export function targetInWords(target: Target): string {
  const { whole, count = "all" } = target;
  const criteria = CRITERIA.flatMap((key) =>
    target[key] === undefined ? [] : [`${key} ${[target[key]].flat().join(" or ")}`],
  ).join(", ");
  if (whole === undefined) {
    const who = criteria === "" ? "all nodes" : criteria;
    return count === "all" ? who : `${shareInWords(count)} of ${who}`;
  }
  const many =
    count === "all" ? `whole ${whole}s` : count === "one" ? `one ${whole}` : `${shareInWords(count)} of all ${whole}s`;
  return criteria === "" ? many : `${many} with ${criteria}`;
}

function shareInWords(count: Exclude<Count, "all">): string {
  if (typeof count === "object") return `${Number((count.share * 100).toPrecision(6))} %`;
  return count === "minority" || count === "majority" ? `a ${count}` : `${count}`;
}
