/** What cannot be, within one kind of fault, whatever the mesh. */
import type { z } from "zod";
import type { Told } from "./fault-kinds.js";
import type { TIMING_KEYS } from "./fault-timing.js";
import { alternatives } from "./mismatch.js";
import type { ScenarioPath } from "./scenario-path.js";

/** @param message goes on from the path, which begins at the fault */
export type Complain = (path: ScenarioPath, message: string) => void;

/** What cannot be, within one kind. */
export function checkKind(given: Told & z.output<z.ZodObject<typeof TIMING_KEYS>>, complain: Complain): void {
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
  if (wrongContext !== undefined) {
    for (const key of ["for", "lasting", "flapping"] as const) {
      if (given[key] === undefined) continue;
      complain([key], "stands beside wrongContext, which is over when it is pushed, until the next sync; leave it out");
    }
  }
  if (failures?.mttr !== undefined && failures.repair !== undefined) {
    complain(["failures", "mttr"], "stands beside repair; expected one of the two");
  }
  if (failures !== undefined && (given.every ?? given.rate ?? given.flapping) !== undefined) {
    complain(["failures"], "strike at random already; expected at and for alone beside them");
  }
}
