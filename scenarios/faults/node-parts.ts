/** What happens to processes, processors and clocks: whom it concerns each time, and what it does to them. */
import type { ClockTrouble, NodeTrouble } from "../../sim/faults/fault-plan.js";
import { microsFromMs } from "../../sim/time.js";
import type { Told, WAYS } from "../language/fault-kinds.js";
import type { Target } from "../language/fault-target.js";
import type { Fault } from "./fault.js";
import { type Candidates, type Choosing, targetInWords } from "./target-nodes.js";

export interface NodePart {
  readonly targets: Candidates;
  readonly description: string;
}

/** Whom a fault of processes concerns: all nodes alike. */
export function crashPart(told: Target, fault: Fault): NodePart {
  return { targets: fault.candidates(told), description: `crashes ${targetInWords(told)}` };
}

export function pausePart(told: Target, fault: Fault): NodePart {
  return { targets: fault.candidates(told), description: `pauses ${targetInWords(told)}` };
}

/** Agents work off what they are given, coordinators and leads what they pass on; the orchestrator's processor does nothing. */
const workers = ({ ground }: Fault): NonNullable<Choosing["only"]> => ({
  holds: (address) => ground.roleOf(address) !== "orchestrator",
  expected: "agents, leads, coordinators or standbys, since the orchestrator has no work to be slow at",
});

export function slowPart({ times, ...target }: NonNullable<Told["slow"]>, fault: Fault): NodePart {
  const targets = fault.candidatesOf(target, { only: workers(fault) });
  return { targets, description: `slows ${targetInWords(target)} down ${times} times` };
}

/** Machines that run code of ours and answer for themselves. */
const machineAgents = ({ ground }: Fault): NonNullable<Choosing["only"]> => ({
  holds: (address) => (ground.classOf(address) ?? "F") !== "F",
  expected: "agents of the classes A to E, since people run no code of ours and coordinators are not sabotaged",
});

export function byzantinePart({ how, ...target }: NonNullable<Told["byzantine"]>, fault: Fault): NodePart {
  const targets = fault.candidatesOf(target, { only: machineAgents(fault) });
  return { targets, description: `${IN_WORDS[how]}: ${targetInWords(target)}` };
}

const IN_WORDS: Readonly<Record<(typeof WAYS)[number], string>> = {
  contradict: "answers with wrong results",
  replay: "replays old messages",
  lie: "lies about its impedance",
};

export function wrongContextPart(told: Target, fault: Fault): NodePart {
  const targets = fault.candidatesOf(told, { only: machineAgents(fault) });
  return { targets, description: `pushes a wrong context to ${targetInWords(told)}` };
}

export function tampering(way: (typeof WAYS)[number]): NodeTrouble {
  return { kind: "tamper", way };
}

export function clockPart(
  told: NonNullable<Told["clock"]>,
  fault: Fault,
): NodePart & { readonly trouble: ClockTrouble } {
  const { step, drift, strobe, unsynchronised, ...target } = told;
  const targets = fault.candidates(target);
  const of = `on clocks of ${targetInWords(target)}`;
  if (step !== undefined) {
    return { targets, trouble: { kind: "step", offsetMs: step }, description: `step of ${step / 1000} s ${of}` };
  }
  if (drift !== undefined) {
    return { targets, trouble: { kind: "drift", ppm: drift }, description: `drift of ${drift} ppm ${of}` };
  }
  if (strobe !== undefined) {
    const { by, period } = strobe;
    const trouble = { kind: "strobe", offsetMs: by, periodUs: microsFromMs(period) } as const;
    return { targets, trouble, description: `strobe by ${by / 1000} s each ${period / 1000} s ${of}` };
  }
  if (unsynchronised !== true) fault.at().refuse("does nothing");
  return { targets, trouble: { kind: "unsynchronised" }, description: `no synchronisation ${of}` };
}
