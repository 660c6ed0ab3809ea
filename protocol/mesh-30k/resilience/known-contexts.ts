/** The contexts that a lead knows of: its own and those of the last operations that were to replace it (document 6.1). */

import type { Address } from "../../contract.js";

/** As many as may be in use at once: some syncs in progress, and those that slow agents still hold. */
const KEPT = 8;

export class KnownContexts {
  private readonly hashes: number[] = [];
  /** Who has reported contexts that are not known: some of them went past the lead. */
  private readonly witnesses = new Map<number, Set<Address>>();

  /** @param isOwn whether the lead holds a context itself, however many that it did not take over were to follow */
  constructor(private readonly isOwn: (hash: number) => boolean) {}

  note(hash: number): void {
    if (this.hashes.includes(hash)) return;
    this.hashes.push(hash);
    if (this.hashes.length > KEPT) this.hashes.shift();
  }

  /** Nothing loaded, hash 0, is stale and not corrupt. */
  has(hash: number): boolean {
    return hash === 0 || this.hashes.includes(hash) || this.isOwn(hash);
  }

  /** Notes that an agent reported a context that is not known; how many others have. */
  witness(hash: number, agent: Address): number {
    let reporters = this.witnesses.get(hash);
    if (reporters === undefined) {
      reporters = new Set();
      this.witnesses.set(hash, reporters);
      const [oldest] = this.witnesses.keys();
      if (this.witnesses.size > KEPT && oldest !== undefined) this.witnesses.delete(oldest);
    }
    reporters.add(agent);
    return reporters.size - 1;
  }

  entries(): readonly number[] {
    return [...this.hashes];
  }
}
