/** How long a fault or a repair lasts: a fixed time, or one drawn from the distribution that the scenario names. */
import { partitionMs, repairMs } from "../../models/fault-durations.js";
import { lognormalQuantile } from "../../models/lognormal.js";
import type { World } from "../../models/world.js";
import { type Micros, microsFromMs } from "../../sim/time.js";
import type { Lasting } from "../language/fault-timing.js";
import type { KeyedDraw } from "./keyed-draw.js";

/** Whole microseconds, 1 at least. Draws twice, whatever the distribution. */
export function drawnUs(lasting: Lasting, world: World, draw: KeyedDraw): Micros {
  const choice = draw.open();
  const p = draw.open();
  return Math.max(1, microsFromMs(drawnMs(lasting, world, choice, p)));
}

function drawnMs(lasting: Lasting, world: World, choice: number, p: number): number {
  if ("meanMs" in lasting) return -Math.log1p(-p) * lasting.meanMs;
  if ("medianMs" in lasting) return lognormalQuantile(lasting.medianMs, lasting.sigma, p);
  return lasting.as === "partitions" ? partitionMs(world, choice, p) : repairMs(world, p);
}

/** For people. */
export function lastingInWords(lasting: Lasting): string {
  if ("meanMs" in lasting) return `exponential with mean ${lasting.meanMs / 1000} s`;
  if ("medianMs" in lasting) return `lognormal with median ${lasting.medianMs / 1000} s and sigma ${lasting.sigma}`;
  return `as the models have ${lasting.as}`;
}
