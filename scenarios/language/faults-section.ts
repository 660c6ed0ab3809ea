/**
 * What breaks, when and whom it concerns: a list of faults, each of one kind. What a fault comes down to in a mesh is
 * worked out in scenarios/faults; here stands what can be said without knowing the mesh.
 */
import { z } from "zod";
import { FAULT_KINDS, type FaultKind, KINDS, type Told } from "./fault-kinds.js";
import { checkTiming, TIMING_KEYS, type When, whenOf } from "./fault-timing.js";
import { text } from "./fields.js";
import { alternatives } from "./mismatch.js";
import type { ScenarioPath } from "./scenario-path.js";

const optionalKinds = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, KINDS[kind].optional()])) as {
  [Kind in FaultKind]: z.ZodOptional<(typeof KINDS)[Kind]>;
};

/** One fault as it was written. `told` has the one key of its kind. */
export interface DeclaredFault {
  /** As it was given, or made of kind and number: `partition-1`. */
  readonly name: string;
  readonly kind: FaultKind;
  readonly told: Told;
  readonly when: When;
}

type Complain = (path: ScenarioPath, message: string) => void;

const fault = z
  .strictObject({
    name: text(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name in kebab case, such as europe-cut-off")
      .optional()
      .describe("What results call it, and where its randomness comes from. Left out: made of kind and number."),
    ...optionalKinds,
    ...TIMING_KEYS,
  })
  .superRefine((given, context) => {
    const complain: Complain = (path, message) => context.addIssue({ code: "custom", path: [...path], message });
    const kinds = FAULT_KINDS.filter((kind) => given[kind] !== undefined);
    if (kinds.length === 0) complain([], `says not what breaks; expected one of ${alternatives(FAULT_KINDS)}`);
    for (const kind of kinds.slice(1)) {
      complain([kind], `stands beside ${kinds[0]}; expected one kind each (an entry of its own breaks both at once)`);
    }
    checkTiming(given, (key, message) => complain([key], message));
    checkKind(given, complain);
  })
  .transform(({ name, at, for: lasts, lasting, every, count, rate, flapping, anew, ...told }) => {
    const kind = FAULT_KINDS.find((each) => told[each] !== undefined);
    return { name, kind: kind!, told, when: whenOf({ at, for: lasts, lasting, every, count, rate, flapping, anew }) };
  });

/** What cannot be, within one kind. */
function checkKind(given: Told & z.output<z.ZodObject<typeof TIMING_KEYS>>, complain: Complain): void {
  const { partition, packets, clock, byzantine, wrongContext, failures } = given;
  const exactlyOne = (path: string, told: object, keys: readonly string[], most = 1) => {
    const found = keys.filter((key) => (told as Record<string, unknown>)[key] !== undefined);
    if (found.length === 0) complain([path], `is empty of what it does; expected ${alternatives(keys)}`);
    for (const key of found.slice(most)) complain([path, key], `stands beside ${found[0]}; expected one of the two`);
  };
  if (partition !== undefined) {
    exactlyOne("partition", partition, ["isolate", "split", "bridge", "ring"]);
    const { split, ring, oneWay } = partition;
    if (split !== undefined && split.length < 2) {
      complain(["partition", "split"], `has ${split.length} side; expected two or more (isolate cuts one off)`);
    }
    const rests = (split ?? []).flatMap(({ rest }, index) => (rest === true ? [index] : []));
    for (const index of rests.slice(1)) complain(["partition", "split", index], "is the rest a second time; keep one");
    for (const index of rests) {
      const others = Object.keys(split![index]!).filter((key) => key !== "rest");
      if (others.length > 0)
        complain(["partition", "split", index, others[0]!], "stands beside rest, which is everybody left");
    }
    if (ring !== undefined && oneWay !== undefined) {
      complain(["partition", "oneWay"], "has no meaning in a ring, in which nobody is first; leave it out");
    }
  }
  if (packets !== undefined) {
    exactlyOne(
      "packets",
      packets,
      ["loss", "burstLoss", "delay", "jitter", "duplicate", "reorder", "corrupt", "rateLimit", "hold"],
      Number.POSITIVE_INFINITY,
    );
    const { of, from, to, between, hold, rateLimit } = packets;
    if (of !== undefined && (from ?? to ?? between) !== undefined) {
      complain(["packets", "of"], "stands beside from, to or between; expected one way to choose messages");
    }
    if (between !== undefined && (from ?? to) !== undefined) {
      complain(["packets", "between"], "stands beside from or to; expected one way to choose messages");
    }
    if (between !== undefined && between.length < 2)
      complain(["packets", "between"], "has no two sides; expected two or more");
    if (hold === true && given.for === undefined && given.lasting === undefined) {
      complain(["packets", "hold"], "is never let go; expected for or lasting beside packets");
    }
    if (rateLimit === 0) complain(["packets", "rateLimit"], "lets nothing through; a partition does that");
  }
  if (clock !== undefined) exactlyOne("clock", clock, ["step", "drift", "strobe", "unsynchronised"]);
  if (byzantine?.class !== undefined && [byzantine.class].flat().includes("F")) {
    complain(["byzantine", "class"], "names people (F), who run no code of ours; expected machines, A to E");
  }
  if (wrongContext !== undefined && (given.for ?? given.lasting ?? given.flapping) !== undefined) {
    complain(
      ["wrongContext"],
      "is over when it is pushed, and healed by the next sync; expected no for, lasting or flapping",
    );
  }
  if (failures?.mttr !== undefined && failures.repair !== undefined) {
    complain(["failures", "mttr"], "stands beside repair; expected one of the two");
  }
  if (failures !== undefined && (given.every ?? given.rate ?? given.flapping) !== undefined) {
    complain(["failures"], "strike at random already; expected at and for alone beside them");
  }
}

export const faultsSection = z
  .array(fault)
  .superRefine((faults, context) => {
    const first = new Map<string, number>();
    faults.forEach(({ name }, index) => {
      if (name === undefined) return;
      if (!first.has(name)) first.set(name, index);
      else {
        const message = `is ${name}, the name of faults[${first.get(name)}]; expected a name of its own`;
        context.addIssue({ code: "custom", path: [index, "name"], message });
      }
    });
  })
  .transform((faults): DeclaredFault[] => {
    const taken = new Set(faults.flatMap(({ name }) => name ?? []));
    const numbers = new Map<FaultKind, number>();
    return faults.map(({ name, kind, told, when }) => {
      const unnamed = () => {
        for (let number = (numbers.get(kind) ?? 0) + 1; ; number++) {
          numbers.set(kind, number);
          const made = `${kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-${number}`;
          if (!taken.has(made)) return made;
        }
      };
      return { name: name ?? unnamed(), kind, told, when };
    });
  });

/**
 * Tells of faults that lie outside of a run.
 * @param complain with the path inside the list
 */
export function checkFaultTimes(faults: readonly DeclaredFault[], endMs: number, complain: Complain): void {
  faults.forEach(({ when: { atMs } }, index) => {
    if (atMs === undefined || atMs < endMs) return;
    complain(
      [index, "at"],
      `is ${atMs / 1000} s, when the run is over; expected less than ${endMs / 1000} s after the start of warm-up`,
    );
  });
}
