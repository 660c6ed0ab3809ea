import { describe, expect, it } from "vitest";
import type { Address } from "../../../protocol/contract.js";
import { ClusterLead } from "../../../protocol/mesh-30k/cluster-lead.js";
import { payloadHash } from "../../../protocol/mesh-30k/integrity.js";
import { START_UP_MS } from "../../../protocol/mesh-30k/resilience/agent-watch.js";
import { backoffMs } from "../../../protocol/mesh-30k/resilience/backoff.js";
import { ExponentialGrowth } from "../../../protocol/mesh-30k/resilience/exponential-growth.js";
import { FailureTotals } from "../../../protocol/mesh-30k/resilience/failure-totals.js";
import { resultHash } from "../../../protocol/mesh-30k/resilience/result-hash.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeHost } from "../fake-host.js";
import {
  acknowledge,
  agentOn,
  coordinate,
  coordinatorOn,
  impedanceOf,
  leadOn,
  optionsWith,
  orchestratorOn,
  PARAMETERS,
  shapeOf,
  TASK,
  VARIANTS,
} from "./fixtures.js";

type Lead = ReturnType<typeof leadOn>;

/** Lets time pass while some agents send heartbeats, as 4.1 has it: every 5 s. */
function pass(lead: Lead, ms: number, talking: readonly Address[], changes = {}): void {
  const untilMs = lead.host.elapsedMs + ms;
  while (lead.host.elapsedMs < untilMs) {
    lead.host.advance(Math.min(5_000, untilMs - lead.host.elapsedMs));
    for (const agent of talking) lead.hear(agent, changes);
  }
}

/** What a lead has said of failures: class and agent. */
function told(lead: Pick<Lead, "host">, type: "failure-detected" | "failure-recovered" | "failure-escalated") {
  return lead.host.factsOf(type).map(({ failure, node }) => [failure, node]);
}

/** A cluster whose agents were all heard. */
function cluster(size: number, variant: "as-written" | "repaired" = "repaired") {
  const lead = leadOn(optionsWith(variant), size);
  for (const agent of lead.agents) lead.hear(agent);
  return lead;
}

/** Has the lead gather its agents; `answer` says what each makes of it, undefined for nothing. */
function gather(lead: Lead, answer: (agent: Address) => number | undefined, changes = {}): Address[] {
  const before = lead.host.sentOf("COORDINATE").length;
  const id = 1_000 + before;
  lead.host.deliver(1, coordinate({ messageId: id, correlationId: id * 16, depth: 1, remainingMs: 500, ...changes }));
  while (lead.host.jobs.length > 0) lead.host.finish();
  lead.host.advance(450);
  const sent = lead.host.sentOf("COORDINATE").slice(before);
  for (const { to, message } of sent) {
    const result = answer(to);
    if (result !== undefined) lead.host.deliver(to, acknowledge(message, to, { resultHash: result }));
  }
  lead.host.advance(4_000);
  return sent.map(({ to }) => to);
}

describe("MESH-30K 6.1, TRANSIENT_NETWORK: missed heartbeat or timeout, backoff, escalated after three in a row", () => {
  it("waits twice as long each time, less up to a quarter, and never longer than the longest", () => {
    expect([0, 1, 2, 3].map((attempt) => backoffMs(100, attempt, 10_000, 0))).toEqual([100, 200, 400, 800]);
    expect(backoffMs(100, 3, 10_000, 0.999999)).toBeCloseTo(600, 3);
    expect(backoffMs(100, 60, 10_000, 0)).toBe(10_000);
  });

  it("an unanswered message is noticed when its answer is overdue, and is over when the agent answers", () => {
    const lead = cluster(3);
    lead.lead.submit(TASK);
    const { to, message } = lead.host.sentOf("COORDINATE")[0]!;
    lead.host.advance(2_000);
    expect(told(lead, "failure-detected")).toEqual([["TRANSIENT_NETWORK", to]]);
    lead.host.deliver(to, acknowledge(message, to));
    expect(told(lead, "failure-recovered")).toEqual([["TRANSIENT_NETWORK", to]]);
    expect(told(lead, "failure-escalated")).toEqual([]);
  });

  it("after three it is escalated and routed around; it is probed, and taken back when it answers", () => {
    const lead = cluster(1);
    const agent = lead.agents[0]!;
    lead.lead.submit(TASK);
    lead.host.advance(5_500);
    expect(told(lead, "failure-escalated")).toEqual([["TRANSIENT_NETWORK", agent]]);
    expect(lead.host.sentOf("FAILURE").some(({ to, message }) => to === 1 && message.isEscalated)).toBe(true);
    lead.lead.submit(TASK);
    expect(lead.host.factsOf("no-capable-agent")).toHaveLength(1);
    lead.host.advance(5_000);
    const probe = lead.host.sentOf("PROBE").at(-1)!;
    expect(probe.to).toBe(agent);
    const { challenge } = probe.message;
    lead.host.deliver(agent, { type: "PROBE_ACK", challenge, result: resultHash(challenge), activeRate: 1 });
    lead.hear(agent);
    const before = lead.host.sentOf("COORDINATE").length;
    lead.lead.submit(TASK);
    expect(lead.host.sentOf("COORDINATE")).toHaveLength(before + 1);
  });

  it.each([
    ["repaired", 1],
    ["as-written", 9],
  ] as const)("%s: of one agent that fails time and again, the breaker counts %i in a minute", (variant, expected) => {
    const lead = leadOn(optionsWith("repaired", { failureEvidence: variant }), 1);
    const agent = lead.agents[0]!;
    lead.hear(agent);
    // Three sendings that are not answered, a probe that is, and the same again.
    for (let i = 0; i < 3; i++) {
      lead.lead.submit(TASK);
      lead.host.advance(5_500);
      lead.host.deliver(agent, { type: "PROBE_ACK", challenge: 1, result: resultHash(1), activeRate: 1 });
      lead.hear(agent);
    }
    const totals = lead.host.sentOf("FAILURE").map(({ message }) => message.total);
    expect(Math.max(...totals)).toBe(expected);
  });

  it("a frozen agent that holds its work back has not failed", () => {
    const lead = cluster(1);
    lead.lead.submit(TASK);
    lead.host.deliver(1, { type: "FREEZE", thaw: false, scope: "global", targetId: 0 });
    lead.host.advance(10_000);
    expect(lead.host.factsOf("failure-detected")).toEqual([]);
  });

  it.each(VARIANTS)("%s: nobody is suspected while heartbeats and answers come", (variant) => {
    const lead = cluster(5, variant);
    for (let i = 0; i < 20; i++) {
      pass(lead, 5_000, lead.agents);
      gather(lead, () => 7);
    }
    expect(lead.host.factsOf("failure-detected")).toEqual([]);
  });

  it("missed heartbeats: noticed after one, escalated after three, a crash after 30 s", () => {
    const lead = cluster(2);
    const [silent, talking] = lead.agents as [Address, Address];
    pass(lead, 12_500, [talking]);
    expect(told(lead, "failure-detected")).toEqual([["TRANSIENT_NETWORK", silent]]);
    expect(told(lead, "failure-escalated")).toEqual([]);
    pass(lead, 10_000, [talking]);
    expect(told(lead, "failure-escalated")).toEqual([["TRANSIENT_NETWORK", silent]]);
    pass(lead, 7_500, [talking]);
    expect(told(lead, "failure-detected")).toHaveLength(1);
    pass(lead, 5_000, [talking]);
    expect(told(lead, "failure-detected")[1]).toEqual(["AGENT_CRASH", silent]);
  });
});

describe("MESH-30K 6.1, AGENT_CRASH: the lead has it replaced and syncs its state", () => {
  const crashed = (variant: "as-written" | "repaired" = "repaired") => {
    const lead = cluster(3, variant);
    const [silent, ...talking] = lead.agents as [Address, Address, Address];
    pass(lead, 45_000, talking);
    return { lead, silent, talking };
  };

  it.each(VARIANTS)("%s: a replacement is asked for", (variant) => {
    const { lead, silent } = crashed(variant);
    expect(lead.host.provisioned).toEqual([silent]);
  });

  it("a replacement that is not heard of within its start-up time is escalated, and tried again ever less often", () => {
    const { lead, silent, talking } = crashed();
    const allowanceMs = START_UP_MS.B + 2 * PARAMETERS.heartbeatMs;
    pass(lead, allowanceMs - 6_000, talking);
    expect(lead.host.provisioned).toHaveLength(1);
    expect(told(lead, "failure-escalated").filter(([failure]) => failure === "AGENT_CRASH")).toEqual([]);
    pass(lead, 15_000, talking);
    expect(lead.host.provisioned).toHaveLength(2);
    expect(told(lead, "failure-escalated")).toContainEqual(["AGENT_CRASH", silent]);
    const inTenMinutes = () => {
      const before = lead.host.provisioned.length;
      pass(lead, 600_000, talking);
      return lead.host.provisioned.length - before;
    };
    expect(inTenMinutes()).toBeGreaterThan(inTenMinutes());
    expect(inTenMinutes()).toBeGreaterThanOrEqual(2);
  });

  it("is over when the agent is heard again", () => {
    const { lead, silent } = crashed();
    lead.hear(silent);
    expect(told(lead, "failure-recovered")).toEqual([["AGENT_CRASH", silent]]);
    lead.host.advance(60_000);
    expect(lead.host.provisioned).toEqual([silent]);
  });

  it("a replacement that lacks the context is sent it, as a sync of priority 3, before it gets work", () => {
    const { lead, silent, talking } = crashed();
    // Of the context before the current one nobody is thought the worse, so there are two.
    for (const payload of ["the context", "the next one"]) {
      gather(lead, () => 7, { verb: "sync", payload });
      for (const agent of talking) lead.hear(agent, { contextHash: payloadHash(payload) });
    }
    lead.hear(silent, { contextHash: 0 });
    const sync = lead.host.sentOf("COORDINATE").at(-1)!;
    expect(sync).toMatchObject({ to: silent, message: { verb: "sync", priority: 3, payload: "the next one" } });
    expect(told(lead, "failure-recovered")).not.toContainEqual(["AGENT_CRASH", silent]);
    expect(lead.host.factsOf("agent-state").at(-1)).toMatchObject({ agentId: silent, state: "degraded" });
    lead.hear(silent, { contextHash: payloadHash("the next one") });
    expect(told(lead, "failure-recovered")).toContainEqual(["AGENT_CRASH", silent]);
    expect(lead.host.factsOf("agent-state").at(-1)).toMatchObject({ agentId: silent, state: "active" });
  });

  it("of a person is over when the person is heard: people take in now what was sent a while ago", () => {
    const lead = leadOn(optionsWith("repaired"), 3, "F");
    for (const agent of lead.agents) lead.hear(agent);
    const [silent, ...talking] = lead.agents as [Address, Address, Address];
    pass(lead, 45_000, talking);
    for (const payload of ["the context", "the next one"]) gather(lead, () => 7, { verb: "sync", payload });
    const before = lead.host.sentOf("COORDINATE").length;
    lead.hear(silent, { contextHash: payloadHash("one of an hour ago") });
    expect(told(lead, "failure-recovered")).toContainEqual(["AGENT_CRASH", silent]);
    expect(lead.host.sentOf("COORDINATE")).toHaveLength(before);
  });

  it("where nobody at all is heard, the lead suspects its own way first, and replaces them 30 s later", () => {
    const lead = cluster(3);
    lead.host.advance(60_000);
    expect(lead.host.provisioned).toEqual([]);
    lead.host.advance(30_000);
    expect([...lead.host.provisioned].sort((a, b) => a - b)).toEqual(lead.agents);
  });
});

describe("MESH-30K 6.1, IMPEDANCE_SPIKE: a score above twice the historical average", () => {
  const measured = { processingSamples: 10, impedanceScore: 100 };
  const steady = (variant: "as-written" | "repaired") => {
    const lead = cluster(3, variant);
    for (let i = 0; i < 12; i++) for (const agent of lead.agents) lead.hear(agent, measured);
    return lead;
  };

  it.each([
    ["as-written", 1],
    ["repaired", 2],
  ] as const)(
    "%s: %d reports are one; it is routed around, and over when the score is as before",
    (variant, reports) => {
      const lead = steady(variant);
      const [slow, other] = lead.agents as [Address, Address];
      for (let i = 1; i < reports; i++) lead.hear(slow, { ...measured, impedanceScore: 210 });
      expect(lead.host.factsOf("failure-detected")).toEqual([]);
      lead.hear(slow, { ...measured, impedanceScore: 250 });
      expect(told(lead, "failure-detected")).toEqual([["IMPEDANCE_SPIKE", slow]]);
      expect(lead.host.factsOf("agent-state").at(-1)).toMatchObject({ agentId: slow, state: "degraded" });
      lead.hear(other, { ...measured, impedanceScore: 200 });
      expect(told(lead, "failure-detected")).toHaveLength(1);
      lead.hear(slow, measured);
      expect(told(lead, "failure-recovered")).toEqual([["IMPEDANCE_SPIKE", slow]]);
      expect(lead.host.factsOf("agent-state").at(-1)).toMatchObject({ agentId: slow, state: "active" });
    },
  );

  it("several agents of a cluster are escalated, once", () => {
    const lead = steady("repaired");
    const spike = (agent: Address) => {
      for (let i = 0; i < 2; i++) lead.hear(agent, { ...measured, impedanceScore: 400 });
    };
    spike(lead.agents[0]!);
    expect(told(lead, "failure-escalated")).toEqual([]);
    spike(lead.agents[1]!);
    spike(lead.agents[2]!);
    expect(told(lead, "failure-escalated")).toEqual([["IMPEDANCE_SPIKE", lead.agents[1]]]);
  });

  it("before ten reports of measured processing there is no average to compare with", () => {
    const lead = cluster(1);
    for (let i = 0; i < 30; i++)
      lead.hear(lead.agents[0]!, { processingSamples: 3, impedanceScore: i < 20 ? 20 : 700 });
    expect(lead.host.factsOf("failure-detected")).toEqual([]);
  });
});

describe("MESH-30K 6.1, CONTEXT_CORRUPTION: quarantine, reload from known-good state, escalated at once", () => {
  const synced = () => {
    const lead = cluster(5);
    gather(lead, () => 7, { verb: "sync", payload: "the context" });
    const contextHash = payloadHash("the context");
    for (const agent of lead.agents) lead.hear(agent, { contextHash });
    return { lead, contextHash };
  };

  it("a context that nobody knows, in two reports: quarantined, escalated, and sent the right one", () => {
    const { lead, contextHash } = synced();
    const agent = lead.agents[0]!;
    lead.hear(agent, { contextHash: 666 });
    expect(lead.host.factsOf("failure-detected")).toEqual([]);
    const before = lead.host.sentOf("COORDINATE").length;
    lead.hear(agent, { contextHash: 666 });
    expect(told(lead, "failure-detected")).toEqual([["CONTEXT_CORRUPTION", agent]]);
    expect(told(lead, "failure-escalated")).toEqual([["CONTEXT_CORRUPTION", agent]]);
    const [reload] = lead.host.sentOf("COORDINATE").slice(before);
    expect(reload).toMatchObject({ to: agent, message: { verb: "sync", priority: 3, payload: "the context" } });
    expect(gather(lead, () => 7)).toEqual(lead.agents.slice(1));
    for (let i = 0; i < 2; i++) lead.hear(agent, { contextHash });
    expect(told(lead, "failure-recovered")).toEqual([]);
    lead.hear(agent, { contextHash });
    expect(told(lead, "failure-recovered")).toEqual([["CONTEXT_CORRUPTION", agent]]);
    expect(gather(lead, () => 7)).toEqual(lead.agents);
  });

  it("a context that others hold, too, has gone past the lead", () => {
    const { lead } = synced();
    for (let i = 0; i < 3; i++) for (const agent of lead.agents) lead.hear(agent, { contextHash: 777 });
    expect(lead.host.factsOf("failure-detected")).toEqual([]);
  });

  it("the lead's own context is known, however many syncs have failed since", () => {
    const { lead, contextHash } = synced();
    for (let i = 0; i < 20; i++) gather(lead, () => undefined, { verb: "sync", payload: `failed ${i}` });
    const [last, ...others] = lead.agents;
    for (let i = 0; i < 5; i++) {
      for (const agent of others) lead.hear(agent, { contextHash: payloadHash("failed 19") });
      lead.hear(last!, { contextHash });
    }
    expect(told(lead, "failure-detected").filter(([failure]) => failure === "CONTEXT_CORRUPTION")).toEqual([]);
  });

  it.each(VARIANTS)("%s: a person who has just taken in what was sent an hour ago is not corrupt", (variant) => {
    const lead = leadOn(optionsWith(variant), 5, "F");
    for (let i = 0; i < 5; i++) lead.hear(lead.agents[0]!, { contextHash: 666 });
    expect(lead.host.factsOf("failure-detected").filter(({ failure }) => failure === "CONTEXT_CORRUPTION")).toEqual([]);
  });

  it.each([
    ["two syncs on their way, one after the other, are not corruption", [666, 667, 0], 0],
    ["ever other contexts that nobody knows are", [666, 667, 668, 669], 1],
  ])("%s", (_name, hashes, found) => {
    const lead = cluster(5);
    for (const contextHash of hashes) lead.hear(lead.agents[0]!, { contextHash });
    expect(lead.host.factsOf("failure-detected")).toHaveLength(found);
  });

  it("without a context to send, or where it does not help, a fresh process is asked for", () => {
    const lead = cluster(5);
    const agent = lead.agents[0]!;
    for (let i = 0; i < 2; i++) lead.hear(agent, { contextHash: 666 });
    expect(lead.host.provisioned).toEqual([agent]);
  });
});

describe("MESH-30K 6.1, BYZANTINE_BEHAVIOR: outputs that contradict several others", () => {
  it("the result of a work is the same for all who do it right", () => {
    const [a, b] = [agentOn(optionsWith("repaired")), agentOn(optionsWith("repaired"), "C")];
    const results = [a, b].map(({ host }) => {
      host.deliver(1, coordinate({ payload: "sum it up" }));
      host.finish();
      return host.sentOf("ACK")[0]!.message.resultHash;
    });
    expect(results[0]).toBe(results[1]);
    expect(results[0]).toBe(resultHash(payloadHash("sum it up")));
  });

  it("two contradictions: quarantined, escalated, targeted by the next gather and not sent to", () => {
    const lead = cluster(5);
    const liar = lead.agents[2]!;
    const answer = (agent: Address) => (agent === liar ? 8 : 7);
    gather(lead, answer);
    expect(lead.host.factsOf("failure-detected")).toEqual([]);
    gather(lead, answer);
    expect(told(lead, "failure-detected")).toEqual([["BYZANTINE_BEHAVIOR", liar]]);
    expect(told(lead, "failure-escalated")).toEqual([["BYZANTINE_BEHAVIOR", liar]]);
    expect(gather(lead, answer)).toEqual(lead.agents.filter((agent) => agent !== liar));
    const tally = lead.host.sentOf("ACK").at(-1)!.message.tally;
    expect(tally).toEqual({ targeted: 5, sent: 4, ready: 4, conflict: 0 });
    expect(lead.host.factsOf("aimed").at(-1)!.skipped).toMatchObject([{ agentId: liar, reason: "quarantined" }]);
  });

  it("a split in which nobody has two thirds condemns nobody", () => {
    const lead = cluster(5);
    for (let i = 0; i < 4; i++) gather(lead, (agent) => (agent < lead.agents[2]! ? 8 : 7));
    expect(lead.host.factsOf("failure-detected")).toEqual([]);
  });

  it("is released after five right answers in a row to probes, and not by wrong ones", () => {
    const lead = cluster(5);
    const liar = lead.agents[2]!;
    for (let i = 0; i < 2; i++) gather(lead, (agent) => (agent === liar ? 8 : 7));
    const answerProbes = (times: number, offset: number) => {
      for (let i = 0; i < times; i++) {
        const count = lead.host.sentOf("PROBE").length;
        for (let s = 0; s < 10 && lead.host.sentOf("PROBE").length === count; s++) pass(lead, 1_000, lead.agents);
        expect(lead.host.sentOf("PROBE"), "no probe within 10 s").toHaveLength(count + 1);
        const { challenge } = lead.host.sentOf("PROBE").at(-1)!.message;
        const result = resultHash(challenge) + offset;
        lead.host.deliver(liar, { type: "PROBE_ACK", challenge, result, activeRate: 1 });
      }
    };
    answerProbes(4, 0);
    answerProbes(1, 2);
    answerProbes(4, 0);
    expect(told(lead, "failure-recovered")).toEqual([]);
    answerProbes(1, 0);
    expect(told(lead, "failure-recovered")).toEqual([["BYZANTINE_BEHAVIOR", liar]]);
  });

  it.each([
    ["a liar: a hundred exchanges of 2 s against a claim of 20 ms", 20, 100, 1],
    ["not yet a liar: its own median may not have seen them all", 20, 99, 0],
    ["honest about being slow", 600, 100, 0],
  ])("claims against measurement: %s", (_name, impedanceScore, exchanges, found) => {
    const lead = cluster(1);
    const agent = lead.agents[0]!;
    const claim = { impedanceScore, processingSamples: 100, processingMs: 10 };
    lead.hear(agent, claim);
    for (let i = 0; i < exchanges; i++) {
      lead.lead.submit({ ...TASK, stages: 1 });
      const { message } = lead.host.sentOf("COORDINATE").at(-1)!;
      // Between two looks for overdue answers, so that nothing is sent twice.
      lead.host.advance(600);
      lead.host.deliver(agent, acknowledge(message, agent, { heldMs: 580 }));
    }
    lead.hear(agent, claim);
    const byzantine = told(lead, "failure-detected").filter(([failure]) => failure === "BYZANTINE_BEHAVIOR");
    expect(byzantine).toHaveLength(found);
  });

  it("an orchestrator that addressed agents itself tells their lead", () => {
    const { host, orchestrator } = orchestratorOn(optionsWith("repaired"), new Topology(shapeOf(1, 1, { B: 5 })));
    orchestrator.cascade({ strategy: "parallel", windowMs: 1_000, payloadWeight: 0, verb: "act", priority: 2 });
    host.advance(400);
    for (const { to, message } of host.sentOf("COORDINATE")) {
      host.deliver(to, acknowledge(message, to, { resultHash: to === 5 ? 8 : 7 }));
    }
    host.advance(10_000);
    expect(host.sentOf("FAILURE")).toMatchObject([{ to: 2, message: { failure: "BYZANTINE_BEHAVIOR", node: 5 } }]);
  });
});

describe("MESH-30K 6.1, CASCADE_FAILURE: failures grow exponentially", () => {
  it.each([
    ["doubling three times", [2, 4, 8, 16], true],
    ["doubling but for what scatter takes", [3, 8, 16, 30], true],
    ["doubling twice", [2, 4, 8, 11], false],
    ["growing by half each time", [10, 15, 23, 35, 53], false],
    ["at once, and no more", [2, 30, 30, 30], false],
    ["many and steady", [40, 40, 40, 40, 40], false],
    ["doubling from less than the floor", [1, 2, 4, 8], false],
    ["interrupted", [2, 4, 3, 6, 12], false],
    ["linear", [10, 20, 30, 40, 50, 60], false],
  ])("%s", (_name, windows, expected) => {
    const growth = new ExponentialGrowth();
    const found = windows.map((count) => {
      growth.add(count);
      return growth.closeWindow();
    });
    expect(found.at(-1)).toBe(expected);
  });

  it("a coordinator isolates the clusters concerned and tells the orchestrator at once", () => {
    const topology = new Topology(shapeOf(1, 3, { B: 90 }));
    const { host } = coordinatorOn(optionsWith("repaired"), topology);
    const [first, second] = topology.clusters.map(({ lead }) => lead) as [Address, Address, Address];
    let total = 0;
    const fail = (lead: Address, count: number) => {
      total += count;
      const report = { type: "FAILURE", failure: "AGENT_CRASH", node: 9, isEscalated: false, total } as const;
      host.deliver(lead, report);
    };
    // Of one lead, few enough in each minute that its own breaker stays closed, until the last window.
    for (const count of [2, 4, 8]) {
      fail(second, count);
      host.advance(10_000);
    }
    fail(second, 16);
    host.advance(10_000);
    expect(host.factsOf("failure-detected").map(({ failure, node }) => [failure, node])).toEqual([
      ["CASCADE_FAILURE", 1],
    ]);
    expect(host.sentOf("FAILURE")).toMatchObject([
      { to: 0, message: { failure: "CASCADE_FAILURE", isEscalated: true } },
    ]);
    const open = host.factsOf("breaker").filter(({ state }) => state === "OPEN");
    expect(open.map(({ id }) => id)).toEqual([1]);
    expect(host.sentOf("CIRCUIT").map(({ to }) => to)).not.toContain(first);
  });
});

describe("reports of failures travel as totals", () => {
  it("a copy adds nothing, what was lost is made up for, an old one is ignored", () => {
    const totals = new FailureTotals();
    expect([1, 1, 4, 3, 5].map((total) => totals.news(7, total))).toEqual([1, 0, 3, 0, 1]);
  });
});

describe("state that survives a crash", () => {
  it("an agent knows what context it holds", () => {
    const { host, report } = agentOn(optionsWith("repaired"));
    host.deliver(1, coordinate({ verb: "sync", payload: "the context" }));
    host.finish();
    expect(report().contextHash).toBe(payloadHash("the context"));
    const again = agentOn(optionsWith("repaired"));
    again.agent.start(host.saved);
    expect(again.report().contextHash).toBe(payloadHash("the context"));
  });

  it("an agent that adopts nothing saves nothing", () => {
    const { host } = agentOn(optionsWith("repaired"));
    host.deliver(1, coordinate());
    host.finish();
    expect(host.saved).toBeUndefined();
  });

  it("a lead that comes back gives no message id out twice, and knows its context and failures", () => {
    const lead = cluster(3);
    gather(lead, () => 7, { verb: "sync", payload: "the context" });
    for (let i = 0; i < 5_000; i++) lead.lead.submit(TASK);
    const ids = new Set(lead.host.sentOf("COORDINATE").map(({ message }) => message.messageId));
    const host = new FakeHost(lead.host.self);
    host.saved = lead.host.saved;
    const cluster2 = new Topology(shapeOf(1, 1, { B: 3 })).clusters[0]!;
    const again = host.run(new ClusterLead(host, cluster2, 1, optionsWith("repaired"), PARAMETERS));
    for (const agentId of lead.agents) {
      host.deliver(agentId, { type: "HEARTBEAT", agentId, timestampMs: 0, impedance: impedanceOf(agentId), grant: 0 });
    }
    for (let i = 0; i < 100; i++) again.submit(TASK);
    const later = host.sentOf("COORDINATE").map(({ message }) => message);
    expect(later).toHaveLength(100);
    expect(later.filter(({ messageId }) => ids.has(messageId))).toEqual([]);
    expect(later[0]!.contextHash).toBe(payloadHash("the context"));
  });
});
