import { describe, expect, it } from "vitest";
import type { Acknowledge } from "../../../protocol/mesh-30k/messages.js";
import { acknowledge, agentOn, coordinate, leadOn, optionsWith, TASK, VARIANTS } from "./fixtures.js";

const FORWARD = 3_600_000;
const BACK = -150;

/**
 * A lead gathers 20 agents: sent to 400 ms after the start, aimed at 500, over at 1,000. Its wall clock is stepped while
 * nothing was sent, or while answers are on their way; agents answer 130 ms after they were sent to.
 */
function gatherWithStep(variant: (typeof VARIANTS)[number], stepAtMs: number, stepMs: number) {
  const { host, agents, hear } = leadOn(optionsWith(variant, { targetTime: "as-written" }), 20);
  for (const agent of agents) hear(agent);
  host.deliver(1, coordinate({ depth: 1, windowMs: 500 }));
  host.finish();
  let answered = 0;
  for (let ms = 10; ms <= 10_000; ms += 10) {
    if (ms === stepAtMs) host.stepClock(stepMs);
    host.advanceTo(ms);
    for (const { to, message, atMs } of host.sentOf("COORDINATE").slice(answered)) {
      if (atMs + 130 > ms) break;
      answered++;
      host.deliver(to, acknowledge(message, to, { heldMs: 30 }));
    }
  }
  return { host, agents, verdict: host.sentOf("ACK")[0] };
}

describe.each(VARIANTS)(
  "README 3 and MESH-30K 3.2, %s: the wall clock is stepped in the middle of a gather",
  (variant) => {
    it.each([
      ["back, before anything was sent", 100, BACK],
      ["back, while answers are on their way", 450, BACK],
      ["forward, before anything was sent", 100, FORWARD],
      ["forward, while answers are on their way", 450, FORWARD],
    ])("%s: every agent is sent to, and the gather ends", (_, stepAtMs, stepMs) => {
      const { host, agents, verdict } = gatherWithStep(variant, stepAtMs, stepMs);
      expect(new Set(host.sentOf("COORDINATE").map(({ to }) => to))).toEqual(new Set(agents));
      expect(host.factsOf("gather-ended")).toHaveLength(1);
      expect(verdict!.atMs).toBeLessThanOrEqual(2_500);
    });

    it.each([100, 450])("a small step back (at %d ms) costs no answer", (stepAtMs) => {
      const { host, verdict } = gatherWithStep(variant, stepAtMs, BACK);
      expect(host.factsOf("gather-ended")).toMatchObject([{ achieved: true }]);
      expect(verdict!.message.tally!.ready).toBeGreaterThanOrEqual(19);
    });
  },
);

describe.each(VARIANTS)("MESH-30K 4.1, %s: the wall clock of an agent is stepped", (variant) => {
  const answers = (stepMs: number): Acknowledge[] => {
    const { host } = agentOn(optionsWith(variant));
    host.advance(10_000);
    for (let messageId = 0; messageId < 3; messageId++) host.deliver(1, coordinate({ messageId }));
    host.advance(40);
    host.finish();
    host.stepClock(stepMs);
    host.deliver(1, coordinate({ messageId: 3 }));
    while (host.jobs.length > 0) {
      host.advance(40);
      host.finish();
    }
    return host.sentOf("ACK").map(({ message }) => message);
  };

  it.each([FORWARD, -5_000])("by %d ms: everything it took is worked off and answered", (stepMs) => {
    expect(answers(stepMs).map((ack) => [ack.messageId, ack.trinaryState])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it.each([FORWARD, -5_000])(
    "by %d ms: no processing time is negative, and that of what came after is right",
    (stepMs) => {
      const times = answers(stepMs).map((ack) => ack.processingTimeMs);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
      expect(times[0]).toBeCloseTo(40, 6);
      expect(times[3]).toBeCloseTo(40, 6);
    },
  );

  it("the median processing time shrugs the step off", () => {
    const { host, report } = agentOn(optionsWith(variant));
    for (let messageId = 0; messageId < 9; messageId++) {
      host.deliver(1, coordinate({ messageId }));
      if (messageId === 4) host.stepClock(FORWARD);
      host.advance(40);
      host.finish();
    }
    expect(report().processingMs).toBeCloseTo(40, 6);
  });
});

describe("MESH-30K 6.1, repaired: the wall clock of a lead is stepped while work is out", () => {
  it.each([FORWARD, BACK])("by %d ms: the answer is still taken in, and the next task is routed", (stepMs) => {
    const { host, lead, agents, hear } = leadOn(optionsWith("repaired"), 1);
    hear(agents[0]!);
    lead.submit(TASK);
    host.stepClock(stepMs);
    const { to, message } = host.sentOf("COORDINATE")[0]!;
    host.deliver(to, acknowledge(message, to));
    hear(agents[0]!);
    lead.submit(TASK);
    const last = host.sentOf("COORDINATE").at(-1)!.message;
    expect(last.messageId).not.toBe(message.messageId);
    // Nothing is taken to be before it: the first was answered.
    expect(last.compensation.processingMs).toBe(50);
  });
});
