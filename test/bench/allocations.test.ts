import { beforeAll, expect, it } from "vitest";
import { allocationsOfMainScenario } from "../../bench/allocations.js";
import { build } from "../cli/command.js";

beforeAll(build);

/**
 * On Node 20; other versions lay objects out a little differently. Whoever makes an event cheaper lowers the figure, and
 * whoever makes it dearer says in the commit what that buys.
 */
const BYTES_PER_EVENT = 1_085;

it("an event of the main scenario allocates no more than it did, and there are as many of them", () => {
  const { events, bytesPerEvent } = allocationsOfMainScenario();
  expect(events).toBe(237_823);
  expect(bytesPerEvent).toBeGreaterThan(BYTES_PER_EVENT / 2);
  expect(bytesPerEvent).toBeLessThan(BYTES_PER_EVENT * 1.1);
});
