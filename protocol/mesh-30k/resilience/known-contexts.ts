/** The contexts that a lead knows of: its own and those of the last operations that were to replace it (document 6.1). */

/** As many as may be in use at once: some syncs in progress, and those that slow agents still hold. */
const KEPT = 8;

export class KnownContexts {
  private readonly hashes: number[] = [];

  note(hash: number): void {
    if (this.hashes.includes(hash)) return;
    this.hashes.push(hash);
    if (this.hashes.length > KEPT) this.hashes.shift();
  }

  /** Nothing loaded, hash 0, is stale and not corrupt. */
  has(hash: number): boolean {
    return hash === 0 || this.hashes.includes(hash);
  }

  entries(): readonly number[] {
    return [...this.hashes];
  }
}
