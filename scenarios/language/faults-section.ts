/**
 * What breaks, when and whom it concerns: a list of faults, each of one kind. What a fault comes down to in a mesh is
 * worked out in scenarios/faults; here stands what can be said without knowing the mesh.
 */
import { z } from "zod";
import { type Complain, checkKind } from "./fault-checks.js";
import { FAULT_KINDS, type FaultKind, KINDS, type Told } from "./fault-kinds.js";
import { checkTiming, TIMING_KEYS, type When, whenOf } from "./fault-timing.js";
import { text } from "./fields.js";
import { alternatives } from "./mismatch.js";

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
  faults.forEach(({ when }, index) => {
    const atMs = (when as When | undefined)?.atMs; // of an entry that is wrong, there is only what was written
    if (atMs === undefined || atMs < endMs) return;
    complain(
      [index, "at"],
      `is ${atMs / 1000} s, when the run is over; expected less than ${endMs / 1000} s after the start of warm-up`,
    );
  });
}
