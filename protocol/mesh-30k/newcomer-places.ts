/**
 * To which clusters agents come that join a running mesh (document 10.2, step 3): to existing ones of their class. 1,000 new
 * agents are then one more in each of 1,000 clusters, whose leads, offices and registries are there already; new clusters
 * would need leads, and their offices members, before the first agent could come.
 */
import { IMPEDANCE_CLASSES, type ImpedanceClass } from "./impedance-class.js";

/** A cluster as it is before anybody comes. */
export interface OpenCluster {
  readonly sector: number;
  readonly agentClass: ImpedanceClass;
  readonly size: number;
}

/**
 * How many agents come to each cluster: to the smallest of their class first, so that no two differ by more than one where
 * they did not before, and among equals by turns to all sectors, the least-loaded first ("assign to least-loaded sectors").
 * @param counts newcomers of each class; a class without clusters must have none
 */
export function placesOfNewcomers(
  clusters: readonly OpenCluster[],
  counts: Readonly<Record<ImpedanceClass, number>>,
): number[] {
  const sizes = clusters.map(({ size }) => size);
  const sectorCount = clusters.reduce((most, { sector }) => Math.max(most, sector + 1), 0);
  const load = new Array<number>(sectorCount).fill(0);
  for (const { sector, size } of clusters) load[sector]! += size;
  for (const name of IMPEDANCE_CLASSES) {
    const open = [...clusters.keys()].filter((index) => clusters[index]!.agentClass === name);
    for (let left = open.length === 0 ? 0 : counts[name]; left > 0; ) {
      const smallest = open.reduce((least, index) => Math.min(least, sizes[index]!), Number.POSITIVE_INFINITY);
      const next = inTurns(
        open.filter((index) => sizes[index] === smallest),
        clusters,
        load,
      ).slice(0, left);
      for (const index of next) {
        sizes[index]!++;
        load[clusters[index]!.sector]!++;
      }
      left -= next.length;
    }
  }
  return sizes.map((size, index) => size - clusters[index]!.size);
}

/** One cluster of each sector, then a second of each, and so on; the least-loaded sector first. */
function inTurns(indices: readonly number[], clusters: readonly OpenCluster[], load: readonly number[]): number[] {
  const taken = load.map(() => 0);
  const turns = indices.map((index) => ({ index, turn: taken[clusters[index]!.sector]!++ }));
  const loadOf = (index: number) => load[clusters[index]!.sector]!;
  turns.sort((a, b) => a.turn - b.turn || loadOf(a.index) - loadOf(b.index) || a.index - b.index);
  return turns.map(({ index }) => index);
}
