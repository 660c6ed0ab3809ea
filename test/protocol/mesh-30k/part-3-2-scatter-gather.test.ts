import { describe, expect, it } from "vitest";
import type { Acknowledge, Coordinate } from "../../../protocol/mesh-30k/messages.js";
import type { ProtocolOptions } from "../../../protocol/mesh-30k/options.js";
import { acknowledge, coordinate, leadOn, optionsWith, VARIANTS } from "./fixtures.js";

const WINDOW = 500;
/** Every gather here aims at its own start + 500 ms, so that its deadline is at 1,000 ms in both presets. */
const T = 500;
const DEADLINE = T + WINDOW;

/**
 * A lead that gathers agents: 100 ms away there and back and 50 ms at work, so that each is sent to at 400 ms, but for
 * the `tooFar` ones, who cannot be READY in the window.
 */
class Gathering {
  readonly host;
  readonly agents: readonly number[];

  constructor(options: ProtocolOptions, size: number, tooFar = 0) {
    const { host, agents, hear } = leadOn({ ...options, targetTime: "as-written" }, size);
    this.host = host;
    this.agents = agents;
    for (const [index, agent] of agents.entries()) hear(agent, { latencyMs: index < tooFar ? 2_000 : 100 });
    host.deliver(1, coordinate({ messageId: 4_711, depth: 1, windowMs: WINDOW }));
    host.finish();
  }

  at(ms: number): this {
    this.host.advanceTo(ms);
    return this;
  }

  /** The agents that were sent to, in order. */
  get work(): readonly { readonly to: number; readonly message: Coordinate }[] {
    return this.host.sentOf("COORDINATE");
  }

  answer(count: number, changes: Partial<Acknowledge> = {}): this {
    const open = this.work.filter(({ to }) => !this.answered.has(to)).slice(0, count);
    for (const { to, message } of open) {
      this.answered.add(to);
      this.host.deliver(to, acknowledge(message, to, changes));
    }
    return this;
  }

  private readonly answered = new Set<number>();

  get end() {
    return this.host.factsOf("gather-ended")[0];
  }

  /** What the lead told its coordinator in the end. */
  get verdict() {
    const [verdict] = this.host.sentOf("ACK");
    return verdict === undefined ? undefined : { ...verdict.message, to: verdict.to, atMs: verdict.atMs };
  }
}

const conflict = { trinaryState: -1, conflict: { type: "CAPABILITY_MISMATCH", expected: "", received: "" } } as const;

describe.each(VARIANTS)("MESH-30K 3.2, %s: a gather", (variant) => {
  const options = optionsWith(variant);

  it("aims at every agent and says so", () => {
    const gathering = new Gathering(options, 20);
    expect(gathering.host.factsOf("aimed")).toMatchObject([
      { correlationId: 16, targets: gathering.agents, skipped: [], targetInMs: T, windowMs: WINDOW },
    ]);
    expect(gathering.at(399).work).toEqual([]);
    expect(gathering.at(401).work.map(({ to }) => to)).toEqual(gathering.agents);
  });

  it("skips who cannot make it, and sends it nothing", () => {
    const gathering = new Gathering(options, 20, 2).at(DEADLINE);
    const [first, second, ...others] = gathering.agents;
    expect(gathering.host.factsOf("aimed")[0]!.skipped.map(({ agentId }) => agentId)).toEqual([first, second]);
    expect([...new Set(gathering.work.map(({ to }) => to))]).toEqual(others);
  });

  it("succeeds at a response rate of 95 %: a straggler is noted but does not block", () => {
    const gathering = new Gathering(options, 20)
      .at(450)
      .answer(19)
      .at(DEADLINE + 1);
    expect(gathering.end).toMatchObject({ tier: "lead", correlationId: 16, decision: "PROCEED", achieved: true });
    expect(gathering.verdict).toMatchObject({
      to: 1,
      messageId: 4_711,
      trinaryState: 1,
      tally: { targeted: 20, sent: 20, ready: 19, conflict: 0 },
    });
  });

  it("fails at 90 %", () => {
    const gathering = new Gathering(options, 20).at(450).answer(18).at(5_000);
    expect(gathering.end).toMatchObject({ achieved: false, decision: "RETRY", readyOfSent: 0.9, readyOfTargeted: 0.9 });
    expect(gathering.verdict).toMatchObject({ trinaryState: 0 });
  });

  it("takes an answer up to the end of the window, and none after", () => {
    const inTime = new Gathering(options, 20)
      .at(450)
      .answer(18)
      .at(DEADLINE - 1)
      .answer(1)
      .at(5_000);
    expect(inTime.end).toMatchObject({ achieved: true });
    const late = new Gathering(options, 20)
      .at(450)
      .answer(18)
      .at(DEADLINE + WINDOW + 1)
      .answer(1)
      .at(5_000);
    expect(late.end).toMatchObject({ achieved: false });
    expect(late.host.factsOf("gather-ended")).toHaveLength(1);
    expect(late.host.sentOf("ACK")).toHaveLength(1);
  });

  it("counts a conflict as an answer, neither as READY nor as a failure to respond", () => {
    const gathering = new Gathering(options, 20)
      .at(450)
      .answer(1, conflict)
      .answer(19)
      .at(DEADLINE + 1);
    expect(gathering.end).toMatchObject({ decision: "PROCEED" });
    expect(gathering.verdict).toMatchObject({ tally: { ready: 19, conflict: 1 } });
  });

  it("with more conflicts than 5 % asks for their resolution", () => {
    const gathering = new Gathering(options, 20).at(450).answer(18).answer(2, conflict).at(5_000);
    expect(gathering.end).toMatchObject({ decision: "RESOLVE_CONFLICTS" });
    expect(gathering.verdict).toMatchObject({ trinaryState: -1 });
  });

  it("counts an agent that answers twice once", () => {
    const gathering = new Gathering(options, 20).at(450).answer(17);
    const { to, message } = gathering.work[0]!;
    for (let i = 0; i < 3; i++) gathering.host.deliver(to, acknowledge(message, to));
    gathering.at(5_000);
    expect(gathering.end).toMatchObject({ achieved: false, readyOfTargeted: 17 / 20 });
    expect(gathering.verdict!.tally).toMatchObject({ ready: 17 });
    expect(gathering.host.factsOf("gathered")).toHaveLength(17);
  });

  it("heeds no answer from an agent that it did not ask", () => {
    const gathering = new Gathering(options, 20, 2).at(450).answer(17);
    const skipped = gathering.agents[0]!;
    gathering.host.deliver(skipped, acknowledge(gathering.work[0]!.message, skipped));
    gathering.host.deliver(999, acknowledge(gathering.work[0]!.message, 999));
    expect(gathering.at(5_000).verdict!.tally).toMatchObject({ ready: 17 });
  });
});

describe("MESH-30K 3.2: response rate (option responseRate)", () => {
  const gather = (variant: "as-written" | "repaired") =>
    new Gathering(optionsWith("as-written", { responseRate: variant }), 20, 2)
      .at(450)
      .answer(18)
      .at(DEADLINE + 1);

  it("as-written: READY / sent; the skipped vanish, and 18 of 20 are a perfect score", () => {
    expect(gather("as-written").end).toMatchObject({
      achieved: true,
      decision: "PROCEED",
      readyOfSent: 1,
      readyOfTargeted: 0.9,
    });
  });

  it("repaired: READY / targeted; the skipped count as not READY", () => {
    expect(gather("repaired").end).toMatchObject({
      achieved: false,
      decision: "RETRY",
      readyOfSent: 1,
      readyOfTargeted: 0.9,
    });
  });

  it("as-written: a gather that skips everybody has nothing to divide by and fails", () => {
    const gathering = new Gathering(optionsWith("as-written"), 3, 3).at(DEADLINE + 1);
    expect(gathering.work).toEqual([]);
    expect(gathering.end).toMatchObject({ achieved: false, decision: "RETRY" });
  });
});

describe("MESH-30K 3.2: the end of a gather (option gatherEnd)", () => {
  it("as-written: waits for the deadline though all have answered", () => {
    const gathering = new Gathering(optionsWith("as-written"), 20).at(450).answer(20);
    expect(gathering.at(DEADLINE - 1).end).toBeUndefined();
    expect(gathering.at(DEADLINE + 1).end).toMatchObject({ achieved: true });
  });

  it("as-written: fails at the deadline, without a second window", () => {
    const gathering = new Gathering(optionsWith("as-written"), 20)
      .at(450)
      .answer(10)
      .at(DEADLINE + 1);
    expect(gathering.end).toMatchObject({ achieved: false, decision: "WAIT" });
  });

  it("repaired: ends as soon as the quorum is there", () => {
    const gathering = new Gathering(optionsWith("repaired"), 20).at(450).answer(18);
    expect(gathering.end).toBeUndefined();
    gathering.at(460).answer(1);
    expect(gathering.end).toMatchObject({ achieved: true });
    expect(gathering.verdict!.atMs).toBe(460);
  });

  it("repaired: is given one more window, in which a straggler can still make the quorum", () => {
    const gathering = new Gathering(optionsWith("repaired"), 20)
      .at(450)
      .answer(18)
      .at(DEADLINE + 1);
    expect(gathering.end).toBeUndefined();
    gathering.at(DEADLINE + WINDOW - 10).answer(1);
    expect(gathering.end).toMatchObject({ achieved: true });
  });

  it("repaired: is not given a third", () => {
    const gathering = new Gathering(optionsWith("repaired"), 20)
      .at(450)
      .answer(17)
      .at(DEADLINE + WINDOW - 1);
    expect(gathering.end).toBeUndefined();
    expect(gathering.at(DEADLINE + WINDOW + 1).end).toMatchObject({ achieved: false, decision: "WAIT" });
  });

  it("repaired: does not wait where conflicts have decided it", () => {
    const gathering = new Gathering(optionsWith("repaired"), 20).at(450).answer(18).answer(2, conflict);
    expect(gathering.at(DEADLINE + 1).end).toMatchObject({ decision: "RESOLVE_CONFLICTS" });
  });
});

describe("MESH-30K 3.2: silent agents (option delivery)", () => {
  const copies = (gathering: Gathering) => {
    const silent = gathering.agents.at(-1)!;
    return gathering.work.filter(({ to }) => to === silent).map(({ message }) => message.messageId);
  };
  /** One agent of twenty stays silent; the gather runs to its deadline and ends there. */
  const withOneSilent = (delivery: "as-written" | "repaired") =>
    new Gathering(optionsWith("as-written", { delivery }), 20).at(450).answer(19);

  it("as-written: are not sent to again", () => {
    expect(copies(withOneSilent("as-written").at(5_000))).toHaveLength(1);
  });

  it("repaired: are sent to once more, under the same message id, when the answer is overdue", () => {
    const gathering = withOneSilent("repaired");
    // Sent at 400; 100 ms until READY, 50 ms back, 50 ms of patience.
    expect(copies(gathering.at(599))).toHaveLength(1);
    const [first, second] = copies(gathering.at(601));
    expect(second).toBe(first);
    expect(copies(gathering.at(5_000))).toHaveLength(2);
  });

  it("repaired: those who have answered are left alone", () => {
    const gathering = withOneSilent("repaired").at(5_000);
    expect(gathering.work).toHaveLength(20 + 1);
  });

  it("repaired: the answer to the second message counts once", () => {
    const gathering = withOneSilent("repaired").at(700);
    const { to, message } = gathering.work.at(-1)!;
    gathering.host.deliver(to, acknowledge(message, to));
    gathering.host.deliver(to, acknowledge(message, to));
    expect(gathering.at(DEADLINE + 1).verdict!.tally).toMatchObject({ ready: 20, sent: 20 });
  });
});
