/**
 * The registry indexed by capability (document 4.3: "cached and indexed by capability"): for each capability the best
 * agent of every cluster, best first. The orchestrator makes it once for all replicas; it is never changed.
 */
import type { ClusterSummary, Offer, OffersByCapability } from "./messages.js";

export class CapabilityIndex implements OffersByCapability {
  private readonly offers = new Map<string, Offer[]>();

  constructor(clusters: readonly ClusterSummary[]) {
    for (const cluster of clusters) {
      for (const [capability, impedance] of cluster.bestByCapability) {
        const offer = { impedance, clusterIndex: cluster.clusterIndex };
        const offers = this.offers.get(capability);
        if (offers === undefined) this.offers.set(capability, [offer]);
        else offers.push(offer);
      }
    }
    for (const offers of this.offers.values()) {
      offers.sort((a, b) => a.impedance.impedanceScore - b.impedance.impedanceScore || a.clusterIndex - b.clusterIndex);
    }
  }

  /** Makes a copy of an index, that has its data but no methods, one again; copies keep the order of their offers. */
  static revive(copy: OffersByCapability): CapabilityIndex {
    return Object.setPrototypeOf(copy, CapabilityIndex.prototype);
  }

  of(capability: string): readonly Offer[] {
    return this.offers.get(capability) ?? [];
  }
}

/**
 * The cheapest of some offers (document 4.3, `find_best_agents_for_capability`), none above `maxImpedance`.
 * @param offers by ascending impedance score
 * @param cost what sending there costs, in ms, at least the impedance score; infinite where nothing may be routed
 */
export function bestOffer(
  offers: readonly Offer[],
  maxImpedance: number,
  cost: (offer: Offer) => number,
): Offer | undefined {
  let best: Offer | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const offer of offers) {
    const { impedanceScore } = offer.impedance;
    if (impedanceScore > maxImpedance || impedanceScore >= lowest) break;
    const price = cost(offer);
    if (price >= lowest) continue;
    lowest = price;
    best = offer;
  }
  return best;
}

/** `max_impedance` of document 4.3. */
export const MAX_IMPEDANCE = 500;
