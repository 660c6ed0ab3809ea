/**
 * Numbers that no later process of a node gives out again: they are set aside in blocks, of which a node saves the end
 * before it uses the first, so that it saves once in a block. A restart skips what was left of the last one.
 */
const BLOCK = 4096;

export class IdBlock {
  private reservedUntil = 0;

  /** Called when the end of the reserved numbers has moved, before one of the new ones is used: to save it. */
  onReserve: () => void = () => undefined;

  /** @param nextNumber the first to be given out */
  constructor(private nextNumber = 0) {
    this.reservedUntil = nextNumber;
  }

  next(): number {
    if (this.nextNumber === this.reservedUntil) {
      this.reservedUntil += BLOCK;
      this.onReserve();
    }
    return this.nextNumber++;
  }

  /** The first number that was never set aside. */
  get end(): number {
    return this.reservedUntil;
  }

  /** Goes on where an earlier process's reserved numbers ended. */
  resume(end: number): void {
    this.nextNumber = end;
    this.reservedUntil = end;
  }
}
