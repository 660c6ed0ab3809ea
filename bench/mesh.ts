/** The main scenario for a reduced time: protocol code, world, measurements and fingerprint, as `npm start` runs it. */
import { fileURLToPath } from "node:url";
import { fromDist } from "./from-dist.js";
import type { Kernel } from "./measure.js";

const { Rehearsal } = await fromDist<typeof import("../scenarios/rehearsal.js")>("scenarios/rehearsal");
const { loadScenario } = await fromDist<typeof import("../scenarios/language/load.js")>("scenarios/language/load");

/** 10 s of warm-up, which are measured like the rest, and 20 s, with the operation that crosses the mesh every 10 s. */
const REDUCED = ["warmUp=10 s", "duration=20 s"];
const SIMULATED_S = 30;

/** A whole rehearsal each time, however many events that is; what is built before its first event is not measured. */
export function mesh30k(): Kernel {
  const path = fileURLToPath(new URL("../scenarios/mesh-30k.yaml", import.meta.url));
  const make = () => new Rehearsal(loadScenario(path, REDUCED));
  let rehearsal: ReturnType<typeof make>;
  return {
    simulatedS: SIMULATED_S,
    prepare: () => {
      rehearsal = make();
    },
    handle: () => {
      rehearsal.advance(Number.POSITIVE_INFINITY);
      return rehearsal.simulation.eventCount;
    },
  };
}
