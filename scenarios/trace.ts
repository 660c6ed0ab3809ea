/** A trace of events as CSV, for looking closely: what happened when, at whom, from whom. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Address } from "../protocol/contract.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import { EventKind } from "../sim/event-store.js";

export type EventSink = (atUs: number, kind: EventKind, origin: Address, target: Address, datum: unknown) => void;

const KIND_NAMES = new Map<number, string>(Object.entries(EventKind).map(([name, kind]) => [kind, name]));
/** Lines are collected up to this many characters before they are written. */
const BUFFER_LENGTH = 1 << 20;

export class TraceFile {
  private readonly descriptor: number;
  private buffer = "at_us,event,origin,target,message\n";

  /** @throws where the file cannot be created */
  constructor(path: string) {
    this.descriptor = openSync(path, "w");
  }

  readonly onEvent: EventSink = (atUs, kind, origin, target, datum) => {
    const isMessage = kind === EventKind.deliver || kind === EventKind.expire;
    const message = isMessage ? (datum as MeshMessage).type : "";
    this.buffer += `${atUs},${KIND_NAMES.get(kind)},${origin},${target},${message}\n`;
    if (this.buffer.length >= BUFFER_LENGTH) this.flush();
  };

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private flush(): void {
    writeSync(this.descriptor, this.buffer);
    this.buffer = "";
  }
}
