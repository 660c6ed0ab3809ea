/**
 * The context that a node has loaded, by its hash (document 2.3, `current_context_hash`). A `sync` operation replaces
 * it. The one before is still accepted, because neighbours do not take a sync in at the same instant.
 */
export class ContextMemory {
  currentHash = 0;
  /** The context itself, as far as this node has to hand it on; undefined before the first. */
  payload: string | undefined;
  private previousHash = 0;

  adopt(hash: number, payload: string): void {
    if (hash === this.currentHash) return;
    this.previousHash = this.currentHash;
    this.currentHash = hash;
    this.payload = payload;
  }

  accepts(hash: number): boolean {
    return hash === this.currentHash || hash === this.previousHash;
  }
}
