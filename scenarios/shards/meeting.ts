/**
 * Where shards on threads of their own meet: memory that all share. A meeting is over when all have come; who comes early
 * looks a few times and then sleeps, since a thread that spins keeps a core from one that works.
 */

/** Cells. */
const ARRIVED = 0;
const MEETINGS = 1;
/** Set from outside: nobody is to go on, at once, or after the next meeting. */
const IS_OFF = 2;
const IS_LAST = 3;
/** What was decided at the last meetings, by whether their number is odd: 1 to end. */
const DECISION = 4;
/** For each pair of shards, how many batches of crossings went from one to the other; then for each shard, notes read. */
const BATCHES = 6;

/** About 50 µs: longer than most waits, much shorter than a turn of the scheduler. */
const LOOKS = 10_000;
const NAP_MS = 100;

/** The run was called off from outside. */
export class CalledOff extends Error {
  override readonly name = "CalledOff";
}

export class Meeting {
  private readonly cells: Int32Array;

  /** @param shared memory from `shared`, the same for all who meet */
  constructor(
    readonly shared: SharedArrayBuffer,
    private readonly shardCount: number,
  ) {
    this.cells = new Int32Array(shared);
  }

  static among(shardCount: number): Meeting {
    const cells = BATCHES + shardCount * shardCount + shardCount;
    return new Meeting(new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT), shardCount);
  }

  /** Called from outside: the shards are to end after their next meeting, all after the same. */
  endSoon(): void {
    Atomics.store(this.cells, IS_LAST, 1);
  }

  /** Called from outside: no shard is to go on. */
  callOff(): void {
    Atomics.store(this.cells, IS_OFF, 1);
    Atomics.notify(this.cells, MEETINGS);
  }

  /**
   * Waits until all shards have come.
   * @param isChair whether this shard is the one that says whether to end; exactly one is
   * @returns whether to go on
   * @throws CalledOff
   */
  attend(isChair: boolean): boolean {
    const { cells } = this;
    const meeting = Atomics.load(cells, MEETINGS);
    const decision = DECISION + (meeting & 1);
    if (isChair) Atomics.store(cells, decision, Atomics.load(cells, IS_LAST));
    if (Atomics.add(cells, ARRIVED, 1) === this.shardCount - 1) {
      Atomics.store(cells, ARRIVED, 0);
      Atomics.add(cells, MEETINGS, 1);
      Atomics.notify(cells, MEETINGS);
    } else {
      this.waitWhile(MEETINGS, meeting);
    }
    return Atomics.load(cells, decision) === 0;
  }

  noteBatch(from: number, to: number): void {
    Atomics.add(this.cells, this.batchCell(from, to), 1);
  }

  /** Batches that went from one shard to another so far. */
  batches(from: number, to: number): number {
    return Atomics.load(this.cells, this.batchCell(from, to));
  }

  /** Called from outside: a chunk of a shard's notes has been read. */
  noteRead(shard: number): void {
    Atomics.add(this.cells, this.notesCell(shard), 1);
    Atomics.notify(this.cells, this.notesCell(shard));
  }

  /**
   * Waits until all but `most` of a shard's `sent` chunks of notes have been read, lest they pile up.
   * @throws CalledOff
   */
  awaitReading(shard: number, sent: number, most: number): void {
    for (;;) {
      const read = Atomics.load(this.cells, this.notesCell(shard));
      if (sent - read <= most) return;
      this.waitWhile(this.notesCell(shard), read);
    }
  }

  private waitWhile(cell: number, value: number): void {
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(this.cells, cell) !== value) return;
    while (Atomics.load(this.cells, cell) === value) {
      if (Atomics.load(this.cells, IS_OFF) !== 0) throw new CalledOff();
      Atomics.wait(this.cells, cell, value, NAP_MS);
    }
  }

  private batchCell(from: number, to: number): number {
    return BATCHES + from * this.shardCount + to;
  }

  private notesCell(shard: number): number {
    return BATCHES + this.shardCount * this.shardCount + shard;
  }
}
