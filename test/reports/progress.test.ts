import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { describe as describeProgress, progressOn, SILENT_PROGRESS } from "../../reports/progress.js";

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  Object.assign(stream, { isTTY, columns: 100, cursorTo: () => true, clearLine: () => true, moveCursor: () => true });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => stripVTControlCharacters(written.join("")) };
}

test("nothing is written where nobody watches", () => {
  const { stream, text } = terminal(false);
  const progress = progressOn(stream, 360);
  progress.update(10, 1_000_000);
  progress.stop();
  expect(progress).toBe(SILENT_PROGRESS);
  expect(text()).toBe("");
});

test("a terminal shows simulated time and events per second", () => {
  const { stream, text } = terminal(true);
  const progress = progressOn(stream, 360);
  progress.update(90, 1_000_000);
  progress.stop();
  progress.stop();
  expect(text()).toMatch(/90 of 360 s · [\d,]+ events\/s · .* left/);
});

test("the time left follows from the pace so far", () => {
  expect(describeProgress(90, 360, 9_000_000, 3)).toEqual({
    simulated: "90 of 360 s",
    rate: "3,000,000 events/s",
    left: "9 s left",
  });
  expect(describeProgress(0, 360, 0, 0).left).toBe("");
});
