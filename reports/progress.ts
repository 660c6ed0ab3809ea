/** The progress line of a run: simulated time, events per second and time left, on standard error, while it lasts. */
import { performance } from "node:perf_hooks";
import { Presets, SingleBar } from "cli-progress";
import { amount, seconds } from "./format.js";

/** What a run tells about how far it is. Cheap to call often: the line is redrawn at most ten times a second. */
export interface Progress {
  update(simulatedS: number, events: number): void;
  /** Clears the line. Safe to call twice. */
  stop(): void;
}

/** For when nobody watches. */
export const SILENT_PROGRESS: Progress = { update() {}, stop() {} };

/** A progress line on `stream`, or a silent one where that is no terminal. `totalS` is all time of the calendar, warm-up included. */
export function progressOn(stream: NodeJS.WriteStream, totalS: number): Progress {
  return stream.isTTY ? progressLine(stream, totalS) : SILENT_PROGRESS;
}

function progressLine(stream: NodeJS.WriteStream, totalS: number): Progress {
  const startedAtMs = performance.now();
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  const bar = new SingleBar(
    {
      stream,
      format: "{bar} {simulated} · {rate} · {left}",
      barsize: 24,
      clearOnComplete: true,
      hideCursor: true,
      // Ctrl-C ends a run with what was measured so far; it is the command line that handles it.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(totalS, 0, describe(0, totalS, 0, 0));
  return {
    update(simulatedS, events) {
      const nowMs = performance.now();
      if (nowMs - drawnAtMs < 100) return;
      drawnAtMs = nowMs;
      bar.update(Math.min(simulatedS, totalS), describe(simulatedS, totalS, events, (nowMs - startedAtMs) / 1000));
    },
    stop() {
      bar.stop();
    },
  };
}

/** The words of the line. `elapsedS` is wall time since the start. */
export function describe(simulatedS: number, totalS: number, events: number, elapsedS: number) {
  const known = elapsedS > 0 && simulatedS > 0;
  const leftS = known ? Math.max(0, Math.ceil((elapsedS * (totalS - simulatedS)) / simulatedS)) : null;
  return {
    simulated: `${Math.floor(simulatedS)} of ${Math.ceil(totalS)} s`,
    rate: known ? `${amount(events / elapsedS)} events/s` : "starting",
    left: leftS === null ? "" : `${seconds(leftS)} left`,
  };
}
