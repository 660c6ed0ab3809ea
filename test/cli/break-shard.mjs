/**
 * Loaded before the command by tests (`node --import`): breaks one of its threads a while after it began, in the way that
 * BREAK_SHARD names.
 */
import { writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

const how = process.env.BREAK_SHARD;
const isSecondShard = threads.workerData?.own === 1;

if (how === "throw" && isSecondShard) {
  const { log1p } = Math;
  let left = 5_000;
  Math.log1p = (x) => {
    // Of a negative number: the gap before a node's next task.
    if (x < 0 && --left === 0) throw new Error("broken for a test");
    return log1p(x);
  };
}

if (how === "memory" && isSecondShard) {
  const { add } = Atomics;
  let left = 50;
  Atomics.add = (...given) => {
    if (--left === 0) for (const hoard = []; ; ) hoard.push(new Array(10_000).fill(hoard.length));
    return add(...given);
  };
}

if (how === "terminate" && threads.isMainThread) {
  threads.Worker = class extends threads.Worker {
    constructor(...given) {
      super(...given);
      if (given[1].workerData.own === 1) setTimeout(() => this.terminate(), 1_500);
    }
  };
  syncBuiltinESMExports();
}

// When shards have met a hundred times, some two seconds of virtual time are over, however busy this machine is.
if (how === "tell" && isSecondShard) {
  const { add } = Atomics;
  let left = 100;
  Atomics.add = (...given) => {
    if (--left === 0) writeFileSync("begun", "");
    return add(...given);
  };
}
