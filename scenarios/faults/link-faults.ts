/** Partitions and what happens to packets: which messages are concerned, and how. */
import type { Address } from "../../protocol/contract.js";
import type { LinkTrouble, Reach } from "../../sim/faults/fault-plan.js";
import { microsFromMs } from "../../sim/time.js";
import type { Told } from "../language/fault-kinds.js";
import type { Target } from "../language/fault-target.js";
import type { Fault } from "./fault.js";
import { bridge, bridgeSide, type Cut, isolated, oneWay, ring, split } from "./partition-shapes.js";
import { groupsOf, MOST_SIDES, reachOf } from "./reach.js";
import { type Candidates, counted, targetInWords, type Unit } from "./target-nodes.js";

/** Which messages are concerned, drawn anew at each call where that is asked for. */
export interface LinkPart {
  readonly troubles: readonly LinkTrouble[];
  readonly description: string;
  /** What it is about, and a function that makes a `Reach` of it: only new sets of nodes take new memory. */
  next(): { readonly key: string; readonly reach: () => Reach };
}

type Partition = NonNullable<Told["partition"]>;
type Packets = NonNullable<Told["packets"]>;

const keyOf = (sides: readonly (readonly Unit[])[]) =>
  sides.map((units) => units.map(({ id }) => id).join(",")).join("/");
const nodesOf = (units: readonly Unit[]): Address[] => units.flatMap(({ nodes }) => nodes);

export function partitionPart(told: Partition, fault: Fault): LinkPart {
  const direction = told.oneWay;
  const directed = (cut: Cut) => (direction === undefined ? cut : oneWay(cut, direction));
  const inWords = direction === undefined ? "" : `, one way (${direction})`;
  const { nodeCount } = fault.ground;
  const part = (description: string, sides: () => readonly (readonly Unit[])[], cut: Cut): LinkPart => ({
    troubles: [{ kind: "cut" }],
    description: `${description}${inWords}`,
    next: () => {
      const drawn = sides();
      const reach = () => reachOf(groupsOf(drawn.map(nodesOf), nodeCount), drawn.length, directed(cut));
      return { key: keyOf(drawn), reach };
    },
  });
  if (told.isolate !== undefined) {
    const isolate = fault.candidates(told.isolate, "isolate");
    if (nodesOf(isolate.units).length === nodeCount && isolate.count === isolate.units.length) {
      fault.at("isolate").refuse("is everybody, who is cut off from nobody; expected a part of the mesh");
    }
    return part(`cuts off ${targetInWords(told.isolate)}`, () => [isolate.chosen()], isolated);
  }
  if (told.split !== undefined) {
    const sides = splitSides(told.split, fault, "split");
    return part(`splits ${told.split.map(sideInWords).join(" | ")}`, sides, split);
  }
  const [shape, target] =
    told.bridge === undefined ? (["ring", told.ring!] as const) : (["bridge", told.bridge] as const);
  const members = fault.candidates(target, shape);
  if (members.count < 3) {
    fault
      .at(shape)
      .refuse(`takes three or more; ${counted(members.count, "unit")} ${members.count === 1 ? "is" : "are"} chosen`);
  }
  if (shape === "ring" && members.count > MOST_SIDES) {
    const remedy = "such as whole: region, or a smaller count";
    fault.at(shape).refuse(`is of ${members.count} units; expected ${MOST_SIDES} at most (${remedy})`);
  }
  const shuffled = () => fault.drawFor(`${shape}/order`);
  const order = shuffled();
  const sides = () => {
    const units = order.chosen(members.chosen(), members.count);
    if (shape === "ring") return units.map((unit) => [unit]);
    const halves: Unit[][] = [[], [], []];
    for (const [index, unit] of units.entries()) halves[bridgeSide(index, units.length)]!.push(unit);
    return halves;
  };
  const words = shape === "ring" ? "ring of overlapping majorities of" : "bridge between two halves of";
  return part(`${words} ${targetInWords(target)}`, sides, shape === "ring" ? ring(members.count) : bridge);
}

type Sides = NonNullable<Partition["split"]>;

const sideInWords = (side: Sides[number]) => (side.rest === true ? "the rest" : targetInWords(side));

/** Draws sides that have no node in common; refuses those that must have. */
function splitSides(given: Sides, fault: Fault, key: string): () => readonly (readonly Unit[])[] {
  if (given.length > MOST_SIDES) fault.at(key).refuse(`has ${given.length} sides; expected ${MOST_SIDES} at most`);
  const named = given.map(({ rest, ...side }, index) =>
    rest === true ? undefined : fault.candidates(side as Target, key, index),
  );
  const { nodeCount, topology } = fault.ground;
  return () => {
    const sideOf = new Int16Array(nodeCount).fill(-1);
    const drawn = named.map((side, index) => {
      const units = side?.chosen() ?? [];
      for (const address of nodesOf(units)) {
        const other = sideOf[address]!;
        if (other >= 0 && other !== index) {
          const shared = `shares ${topology.nameOf(address)} with side [${other}]`;
          fault.at(key, index).refuse(`${shared}; expected sides that have no node in common`);
        }
        sideOf[address] = index;
      }
      return units;
    });
    const rest = given.findIndex((side) => side.rest === true);
    if (rest < 0) return drawn;
    const left = Array.from({ length: nodeCount }, (_, id) => id).filter((address) => sideOf[address]! < 0);
    if (left.length === 0) fault.at(key, rest).refuse("is nobody, since the other sides name everybody; leave it out");
    return drawn.map((units, index) => (index === rest ? left.map((id) => ({ id, nodes: [id] })) : units));
  };
}

export function packetsPart(told: Packets, fault: Fault): LinkPart {
  const { of, from, to, between } = told;
  const { nodeCount } = fault.ground;
  const troubles = packetTroubles(told);
  const words = (text: string) => `${troubles.map(({ kind }) => kind).join(", ")} on messages ${text}`;
  if (between !== undefined) {
    const sides = splitSides(between, fault, "between");
    return {
      troubles,
      description: words(`between ${between.map(targetInWords).join(" | ")}`),
      next: () => {
        const drawn = sides();
        return {
          key: keyOf(drawn),
          reach: () => reachOf(groupsOf(drawn.map(nodesOf), nodeCount), drawn.length, split),
        };
      },
    };
  }
  if (of !== undefined) {
    const ends = fault.candidates(of, "of");
    return {
      troubles,
      description: words(`from or to ${targetInWords(of)}`),
      next: () => {
        const drawn = [ends.chosen()];
        const concerned = (a: number, b: number) => a === 0 || b === 0;
        return { key: keyOf(drawn), reach: () => reachOf(groupsOf(drawn.map(nodesOf), nodeCount), 1, concerned) };
      },
    };
  }
  const [senders, receivers] = [from && fault.candidates(from, "from"), to && fault.candidates(to, "to")];
  const ends = `${from === undefined ? "" : `from ${targetInWords(from)} `}${to === undefined ? "" : `to ${targetInWords(to)}`}`;
  return {
    troubles,
    description: words(ends.trim() || "from everybody to everybody"),
    next: () => directed(senders, receivers, nodeCount),
  };
}

/** Groups: 1 sends, 2 receives, 3 does both; whoever is not named in one of the two roles is everybody. */
function directed(senders: Candidates | undefined, receivers: Candidates | undefined, nodeCount: number) {
  const drawn = [senders?.chosen() ?? [], receivers?.chosen() ?? []] as const;
  const reach = () => {
    const groupOf = new Uint8Array(nodeCount);
    for (const address of nodesOf(drawn[0])) groupOf[address] = groupOf[address]! | 1;
    for (const address of nodesOf(drawn[1])) groupOf[address] = groupOf[address]! | 2;
    const sends = (side: number) => senders === undefined || ((side + 1) & 1) === 1;
    const receives = (side: number) => receivers === undefined || ((side + 1) & 2) === 2;
    return reachOf(groupOf, 3, (a, b) => sends(a) && receives(b));
  };
  return { key: keyOf(drawn), reach };
}

/** In the order in which a message meets them. */
function packetTroubles(told: Packets): LinkTrouble[] {
  const { loss, burstLoss, delay, jitter, duplicate, reorder, within, corrupt, rateLimit, queue, hold } = told;
  const troubles: LinkTrouble[] = [];
  if (hold === true) troubles.push({ kind: "hold" });
  if (rateLimit !== undefined) troubles.push({ kind: "rate-limit", perSecond: rateLimit, queue });
  if (loss !== undefined) troubles.push({ kind: "loss", ratio: loss });
  if (burstLoss !== undefined) troubles.push(gilbertElliott(burstLoss));
  if (delay !== undefined || jitter !== undefined) {
    troubles.push({ kind: "delay", delayUs: microsFromMs(delay ?? 0), jitterUs: microsFromMs(jitter ?? 0) });
  }
  const withinUs = microsFromMs(within);
  if (duplicate !== undefined) troubles.push({ kind: "duplicate", ratio: duplicate, lagUs: withinUs });
  if (reorder !== undefined) troubles.push({ kind: "reorder", ratio: reorder, delayUs: withinUs });
  if (corrupt !== undefined) troubles.push({ kind: "corrupt", ratio: corrupt });
  return troubles;
}

/** From the long-run loss and the mean bad stretch to transitions: loss = (toGood x lossInGood + toBad x lossInBad) / (toGood + toBad). */
function gilbertElliott(told: NonNullable<Packets["burstLoss"]>): LinkTrouble {
  const { loss, burst, lossInBad, lossInGood } = told;
  const toGood = 1 / burst;
  const toBad = (toGood * (loss - lossInGood)) / (lossInBad - loss);
  return { kind: "burst-loss", toBad, toGood, lossInBad, lossInGood };
}
