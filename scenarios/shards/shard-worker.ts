/** A thread that runs one shard: window by window, with a meeting of all shards after each. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Stage } from "../stage.js";
import { CalledOff, Meeting } from "./meeting.js";
import type { NoteChunk } from "./note-buffer.js";
import { type Crossings, Shard } from "./shard.js";
import type { FromShard, ShardOrders } from "./shard-messages.js";
import { windowEnds } from "./windows.js";

/** Notes are handed over when there are so many numbers of them, or after so many windows. */
const CHUNK_NUMBERS = 32_768;
const CHUNK_WINDOWS = 64;
/** Chunks that may wait to be read. */
const MOST_CHUNKS = 32;

const orders = workerData as ShardOrders;
const { own, plan, ports } = orders;
const meeting = new Meeting(orders.shared, plan.shardCount);

class Batches {
  private readonly received = ports.map(() => 0);

  post(to: number, crossings: Crossings): void {
    if (crossings.data.length === 0) return;
    ports[to]!.postMessage(crossings);
    meeting.noteBatch(own, to);
  }

  /** All that other shards posted before the last meeting. */
  *receive(): Generator<Crossings> {
    for (const [from, port] of ports.entries()) {
      if (port === undefined) continue;
      for (const sent = meeting.batches(from, own); this.received[from]! < sent; this.received[from]!++) {
        yield take(port);
      }
    }
  }
}

/** What has been posted is there, if not at once. */
function take(port: MessagePort): Crossings {
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as Crossings;
  }
}

function tell(message: FromShard, chunk?: NoteChunk): void {
  parentPort!.postMessage(message, chunk === undefined ? [] : [chunk.numbers.buffer as ArrayBuffer]);
}

function run(shard: Shard, endUs: number): void {
  const batches = new Batches();
  let chunks = 0;
  let windows = 0;
  const handNotesOver = () => {
    const chunk = shard.takeNotes();
    tell({ type: "notes", chunk, untilUs: shard.nowUs, events: shard.events }, chunk);
    chunks++;
    meeting.awaitReading(own, chunks, MOST_CHUNKS);
  };
  for (const untilUs of windowEnds(plan.lookaheadUs, endUs)) {
    shard.run(untilUs);
    shard.takeOut().forEach((crossings, to) => {
      batches.post(to, crossings);
    });
    const goesOn = meeting.attend(own === 0);
    for (const crossings of batches.receive()) shard.takeIn(crossings);
    windows++;
    if (shard.noteNumbers >= CHUNK_NUMBERS || windows % CHUNK_WINDOWS === 0) handNotesOver();
    if (!goesOn) break;
  }
  handNotesOver();
}

/** Where the shard was when it failed. */
let place = () => "before the first event";
try {
  const stage = new Stage({
    scenario: orders.scenario,
    sha256: "",
    errorAt: (path, message) => new Error(`${path.join(".")} ${message}`) as never,
  });
  const shard = new Shard(stage, plan, own, orders.memory);
  place = () => shard.place;
  tell({ type: "built" });
  run(shard, stage.endUs);
  tell({ type: "report", report: shard.report(), isOver: shard.nowUs >= stage.endUs });
} catch (error) {
  if (!(error instanceof CalledOff)) tell({ type: "failed", place: place(), reason: (error as Error).stack ?? "" });
}
