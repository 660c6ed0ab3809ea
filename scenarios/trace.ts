/** A trace of events as CSV, for looking closely: what happened when, at whom, from whom. */
import { closeSync, fstatSync, openSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Address } from "../protocol/contract.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import { EventKind } from "../sim/event-store.js";

export type EventSink = (atUs: number, kind: EventKind, origin: Address, target: Address, datum: unknown) => void;

/** The trace's place cannot be written to, or no longer. Its message is for the user. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

const KIND_NAMES = new Map<number, string>(Object.entries(EventKind).map(([name, kind]) => [kind, name]));
const HEADER = "at_us,event,origin,target,message\n";
/** Lines are collected up to this many characters before they are written. */
const BUFFER_LENGTH = 1 << 20;

export class TraceFile {
  private descriptor: number | undefined;
  private buffer = HEADER;

  constructor(private readonly path: string) {}

  /**
   * The file is created for the first event, not before: a scenario that is refused leaves none, and an older one as it was.
   * @throws TraceError
   */
  readonly onEvent: EventSink = (atUs, kind, origin, target, datum) => {
    this.descriptor ??= this.open();
    const isMessage = [EventKind.deliver, EventKind.arrive, EventKind.expire, EventKind.undelivered].some(
      (one) => one === kind,
    );
    const message = isMessage ? (datum as MeshMessage).type : "";
    this.buffer += `${atUs},${KIND_NAMES.get(kind)},${origin},${target},${message}\n`;
    if (this.buffer.length >= BUFFER_LENGTH) this.flush(this.descriptor);
  };

  /**
   * Writes what is left. Does nothing where there was no event, or where writing failed before.
   * @throws TraceError
   */
  close(): void {
    if (this.descriptor === undefined) return;
    this.flush(this.descriptor);
    closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private open(): number {
    try {
      if (holdsSomethingElse(this.path)) throw new Error("it is a file that is no trace");
      return openSync(this.path, "w");
    } catch (error) {
      throw this.refusal(error);
    }
  }

  private flush(descriptor: number): void {
    try {
      // Unlike writeSync, this goes on where the system takes only a part at a time, as a pipe may.
      writeFileSync(descriptor, this.buffer);
      this.buffer = "";
    } catch (error) {
      this.abandon(descriptor);
      throw this.refusal(error);
    }
  }

  /** Half a trace would look like a whole one. What is no plain file, such as a pipe, is not ours to remove. */
  private abandon(descriptor: number): void {
    this.descriptor = undefined;
    const isPlain = fstatSync(descriptor).isFile();
    closeSync(descriptor);
    if (isPlain) rmSync(this.path, { force: true });
  }

  private refusal(error: unknown): TraceError {
    return new TraceError(
      `${this.path}: cannot be written (${(error as Error).message}); choose another place for --trace`,
    );
  }
}

/** A trace replaces an older trace and nothing else: a scenario given by mistake, say, stays what it was. */
function holdsSomethingElse(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile() || found.size === 0) return false;
  const start = Buffer.alloc(HEADER.length);
  const descriptor = openSync(path, "r");
  try {
    return readSync(descriptor, start) < HEADER.length || start.toString() !== HEADER;
  } finally {
    closeSync(descriptor);
  }
}
