/** Agents that join the running mesh (document 10.2): how many, of which classes, and when. */
import { z } from "zod";
import { IMPEDANCE_CLASSES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { duration, wholeNumber } from "./fields.js";

type Counts = Readonly<Record<ImpedanceClass, number>>;

export interface Joining {
  readonly agents: Counts;
  /** Since the start of warm-up; left out, when measuring begins. */
  readonly atMs?: number;
  readonly overMs: number;
}

const MOST = 1_000_000;

const agentsOf = (name: ImpedanceClass) =>
  wholeNumber(0, MOST).prefault(0).describe(`Agents of class ${name} that join.`);

export const joiningSection = z.strictObject({
  agents: wholeNumber(1, MOST).optional().describe("How many join, of each class in proportion to those in the mesh."),
  classes: z
    .strictObject({
      A: agentsOf("A"),
      B: agentsOf("B"),
      C: agentsOf("C"),
      D: agentsOf("D"),
      E: agentsOf("E"),
      F: agentsOf("F"),
    } satisfies Record<ImpedanceClass, unknown>)
    .optional()
    .describe("How many of each class join, in place of agents."),
  at: duration()
    .optional()
    .describe("When the first process may start, from the start of warm-up. Left out: when measuring begins."),
  // A rollout of a thousand at once is what one tries to avoid, and what shows most.
  over: duration().prefault("0 s").describe("The starts are spread at random over this time; 0 s for all at once."),
});

export type JoiningGiven = z.output<typeof joiningSection>;

/** @param complain of what cannot be, with a path within the section */
export function checkJoining(
  { agents, classes }: JoiningGiven,
  mesh: Counts,
  complain: (path: readonly string[], message: string) => void,
): void {
  if (agents === undefined && classes === undefined)
    complain([], "says of nobody that joins; expected agents or classes");
  if (agents !== undefined && classes !== undefined) {
    complain(["classes"], "stands beside agents; expected one of the two");
    return;
  }
  if (classes === undefined) return;
  if (IMPEDANCE_CLASSES.every((name) => classes[name] === 0))
    complain(["classes"], "has no agents; expected one or more");
  for (const name of IMPEDANCE_CLASSES) {
    if (classes[name] === 0 || mesh[name] > 0) continue;
    complain(
      ["classes", name],
      `has no cluster to join; expected a class that the mesh has, since a cluster holds one class`,
    );
  }
}

export function joiningOf({ agents, classes, at, over }: JoiningGiven, mesh: Counts): Joining {
  return {
    agents: classes ?? inProportion(agents ?? 0, mesh),
    ...(at !== undefined && { atMs: at }),
    overMs: over,
  };
}

/** Shares `count` out over the classes; whole numbers that add up. */
function inProportion(count: number, mesh: Counts): Counts {
  const total = IMPEDANCE_CLASSES.reduce((sum, name) => sum + mesh[name], 0);
  let before = 0;
  let given = 0;
  const shares = IMPEDANCE_CLASSES.map((name) => {
    before += mesh[name];
    const share = Math.round((count * before) / total) - given;
    given += share;
    return [name, share] as const;
  });
  return Object.fromEntries(shares) as Record<ImpedanceClass, number>;
}
