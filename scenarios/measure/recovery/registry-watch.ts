/** What each coordinator's replica of the registry is: how old, and of how many clusters it knows. */
import type { Address } from "../../../protocol/contract.js";
import type { Micros } from "../../../sim/time.js";

export class RegistryWatch {
  private readonly takenUs: Float64Array;
  private readonly clusters: Int32Array;

  constructor(nodeCount: number) {
    this.takenUs = new Float64Array(nodeCount).fill(Number.NEGATIVE_INFINITY);
    this.clusters = new Int32Array(nodeCount);
  }

  /** A process has taken in a map of so many clusters, from whom it follows. */
  onMapTaken(nowUs: Micros, process: Address, clusters: number): void {
    this.takenUs[process] = nowUs;
    this.clusters[process] = clusters;
  }

  /** Of how many clusters a process knows by a map that it has taken in since an instant; undefined where it has taken none. */
  knownSince(sinceUs: Micros, process: Address): number | undefined {
    return this.takenUs[process]! > sinceUs ? this.clusters[process] : undefined;
  }
}
