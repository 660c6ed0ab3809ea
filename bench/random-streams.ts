/**
 * Why the engine has random streams of its own: `npx tsx bench/random-streams.ts` measures 30,000 keyed streams of 53-bit
 * numbers, once as one typed array of xoshiro128** states and once as 30,000 generators of seedrandom.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import seedrandom from "seedrandom";
import { median } from "simple-statistics";
import { RandomStreams, SEED } from "./engine.js";

const STREAMS = 30_000;
const DRAWS = 3_000_000;
const REPETITIONS = 7;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

interface Bank {
  readonly name: string;
  readonly bytesPerStream: number;
  readonly microsToMake: number;
  draw(stream: number): number;
}

/** Bytes in use, on the heap and outside it, when all that can be collected has been. */
function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function bank(name: string, make: () => (stream: number) => number): Bank {
  const before = bytesInUse();
  const began = process.cpuUsage();
  const draw = make();
  const { user, system } = process.cpuUsage(began);
  return { name, draw, bytesPerStream: (bytesInUse() - before) / STREAMS, microsToMake: (user + system) / STREAMS };
}

/** Nanoseconds of CPU time a draw, from streams in the order in which `next` gives them. */
function nanosPerDraw(draw: Bank["draw"], next: (i: number) => number): number {
  let sum = 0;
  const began = process.cpuUsage();
  for (let i = 0; i < DRAWS; i++) sum += draw(next(i));
  const { user, system } = process.cpuUsage(began);
  if (Math.abs(sum / DRAWS - 0.5) > 0.01) throw new Error("these are not uniform numbers");
  return ((user + system) * 1_000) / DRAWS;
}

const banks = [
  bank("RandomStreams, xoshiro128** in one Int32Array", () => {
    const streams = new RandomStreams(SEED, "bench", STREAMS);
    return (stream) => streams.uniform(stream);
  }),
  bank("seedrandom alea, .double(), one generator a stream", () => {
    const generators = Array.from({ length: STREAMS }, (_, stream) => seedrandom.alea(`${SEED}/bench/${stream}`));
    return (stream) => generators[stream]!.double();
  }),
];
/** A walk that visits streams as events do: no two neighbours in a row. */
const order = Int32Array.from({ length: 65_536 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 0) % STREAMS);

const orders: Record<string, (i: number) => number> = {
  "one stream": () => 0,
  "all streams in disorder": (i) => order[i & 65_535]!,
};
console.log(
  `| ${STREAMS} streams | bytes / stream | µs to make one | ${Object.keys(orders)
    .map((name) => `ns / draw, ${name}`)
    .join(" | ")} |`,
);
console.log("| --- | --- | --- | --- | --- |");
const samples = banks.map(() => Object.keys(orders).map(() => [] as number[]));
for (let i = 0; i <= REPETITIONS; i++) {
  banks.forEach((each, b) => {
    Object.values(orders).forEach((next, o) => {
      const nanos = nanosPerDraw(each.draw, next);
      if (i > 0) samples[b]![o]!.push(nanos); // the first time warms up
    });
  });
}
banks.forEach(({ name, bytesPerStream, microsToMake }, b) => {
  const nanos = samples[b]!.map((each) => median(each).toFixed(1));
  console.log(`| ${[name, bytesPerStream.toFixed(0), microsToMake.toFixed(2), ...nanos].join(" | ")} |`);
});
