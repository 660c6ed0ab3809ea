/** What the data files say of a kind of hardware, as two distributions over its class: one-way access, and processing. */
import type { HardwareId } from "./hardware.js";
import { type Lognormal, splitSum } from "./lognormal.js";
import type { World } from "./world-shape.js";

export interface Speed {
  /** One-way delay of the access link in ms, over the class; a board's Wi-Fi hop comes on top. */
  readonly accessMs: Lognormal;
  /** Processing of a standard payload in ms, over the class. Undefined for people, whose work is no processing. */
  readonly processingMs: Lognormal | undefined;
  /** Share of either variance from message to message. */
  readonly withinShare: number;
  /** Verifying one signature and making one, in ms. */
  readonly signingMs: number;
}

export function speedOf(world: World, hardware: HardwareId): Speed {
  const { agents, network } = world;
  const signingMs = (scale: number) => agents.signing.signAndVerifyMs * scale;
  const line = { median: Math.exp(network.residential.oneWayMu), sigma: network.residential.oneWaySigma };
  switch (hardware) {
    case "A":
    case "B":
    case "C":
    case "D": {
      const { mu, sigma, accessShare, withinShare, signingScale } = agents[hardware];
      const [accessMs, processingMs] = splitSum(mu, sigma, accessShare);
      return { accessMs, processingMs, withinShare, signingMs: signingMs(signingScale) };
    }
    case "E": {
      const { processingMedianMs, processingSigma, withinShare, signingScale } = agents.E;
      const processingMs = { median: processingMedianMs, sigma: processingSigma };
      return { accessMs: line, processingMs, withinShare, signingMs: signingMs(signingScale) };
    }
    case "F":
      return { accessMs: line, processingMs: undefined, withinShare: agents.F.withinShare, signingMs: 0 };
    case "orchestrator":
    case "sector":
    case "lead": {
      const { accessMs, processingMedianMs, processingSigma, withinShare, signingScale } = agents[hardware];
      return {
        accessMs: { median: accessMs, sigma: 0 },
        processingMs: { median: processingMedianMs, sigma: processingSigma },
        withinShare,
        signingMs: signingMs(signingScale),
      };
    }
  }
}
