import { describe, expect, it } from "vitest";
import type { ModeOrder, Priority } from "../../../protocol/mesh-30k/messages.js";
import {
  admitMeshWide,
  admitTask,
  MODES,
  modeFor,
  type OperationalMode,
} from "../../../protocol/mesh-30k/resilience/operational-mode.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeMesh } from "./fake-mesh.js";
import {
  acknowledge,
  clusterSummary,
  coordinatorOn,
  impedanceOf,
  leadOn,
  optionsWith,
  orchestratorOn,
  sectorSummary,
  shapeOf,
  TASK,
} from "./fixtures.js";

const options = optionsWith("repaired");
const wave = { strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "act" } as const;

function order(mode: OperationalMode, number: number, unhealthySectors: readonly number[] = []): ModeOrder {
  return { type: "MODE", mode, number, unhealthySectors };
}

describe("MESH-30K 6.3: the mode follows the share of active agents", () => {
  it.each([
    [1, "FULL"],
    [0.95, "FULL"],
    [0.9499, "DEGRADED_LIGHT"],
    [0.8, "DEGRADED_LIGHT"],
    [0.7999, "DEGRADED_MODERATE"],
    [0.6, "DEGRADED_MODERATE"],
    [0.5999, "DEGRADED_SEVERE"],
    [0.3, "DEGRADED_SEVERE"],
    [0.2999, "EMERGENCY"],
    [0, "EMERGENCY"],
  ] as const)("%f is %s", (rate, mode) => {
    expect(modeFor(rate)).toBe(mode);
  });
});

describe("MESH-30K 6.3: what each mode restricts", () => {
  /** By mode, what becomes of priorities 0, 1, 2 and 3. */
  const ofPriorities = (admit: (priority: Priority) => string) => ([0, 1, 2, 3] as const).map(admit).join(" ");

  it("single messages", () => {
    const rows = MODES.map((mode) => ofPriorities((priority) => admitTask(mode, priority)));
    expect(rows).toEqual([
      "run run run run",
      "refuse run run run",
      "refuse queue run run",
      "refuse refuse refuse run",
      "refuse refuse refuse refuse",
    ]);
  });

  it("operations over more than 1000 agents", () => {
    const rows = MODES.map((mode) => ofPriorities((priority) => admitMeshWide(mode, priority, 1_001)));
    expect(rows).toEqual([
      "run run run run",
      "refuse run run run",
      "queue queue refuse refuse",
      "refuse refuse refuse ask",
      "refuse refuse refuse refuse",
    ]);
  });

  it("1000 agents are not over 1000", () => {
    expect(admitMeshWide("DEGRADED_MODERATE", 2, 1_000)).toBe("run");
  });

  it.each([
    ["DEGRADED_LIGHT", 0, 0],
    ["DEGRADED_LIGHT", 1, 1],
    ["DEGRADED_SEVERE", 2, 0],
    ["DEGRADED_SEVERE", 3, 1],
    ["EMERGENCY", 3, 0],
  ] as const)("a lead in %s sends of a task of priority %d %d messages", (mode, priority, messages) => {
    const { host, lead, agents, hear } = leadOn(options, 1);
    hear(agents[0]!);
    host.deliver(1, order(mode, 1));
    lead.submit({ ...TASK, priority });
    expect(host.sentOf("COORDINATE")).toHaveLength(messages);
    expect(host.factsOf("operation-refused")).toHaveLength(1 - messages);
  });

  it("what is queued in DEGRADED_MODERATE runs in order when the mode is FULL again, and not before", () => {
    const { host, lead, agents, hear } = leadOn(options, 1);
    hear(agents[0]!);
    host.deliver(1, order("DEGRADED_MODERATE", 1));
    for (let i = 0; i < 3; i++) lead.submit({ ...TASK, priority: 1, payload: `task ${i}` });
    host.deliver(1, order("DEGRADED_SEVERE", 2));
    expect(host.sentOf("COORDINATE")).toEqual([]);
    expect(host.factsOf("operation-queued")).toHaveLength(3);
    host.deliver(1, order("FULL", 3));
    expect(host.sentOf("COORDINATE").map(({ message }) => message.payload)).toEqual(["task 0", "task 1", "task 2"]);
    expect(host.factsOf("operation-released")).toHaveLength(3);
  });

  it("a queue holds 256 operations; more are refused, and that is told", () => {
    const { host, lead } = leadOn(options, 1);
    host.deliver(1, order("DEGRADED_MODERATE", 1));
    for (let i = 0; i < 300; i++) lead.submit({ ...TASK, priority: 1 });
    expect(host.factsOf("operation-queued")).toHaveLength(256);
    expect(host.factsOf("operation-refused")).toHaveLength(44);
    expect(host.factsOf("operation-refused")[0]).toMatchObject({ reason: "queue full" });
  });

  it("in DEGRADED_LIGHT a message is sent again only after twice the time", () => {
    const resentAtMs = (mode: OperationalMode) => {
      const { host, lead, agents, hear } = leadOn(options, 1);
      hear(agents[0]!);
      host.deliver(1, order(mode, 1));
      lead.submit(TASK);
      host.advance(4_000);
      return host.sentOf("COORDINATE")[1]!.atMs;
    };
    // 2 x 150 ms + 500 ms, and twice that, at the next look a second.
    expect([resentAtMs("FULL"), resentAtMs("DEGRADED_LIGHT")]).toEqual([1_500, 2_500]);
  });

  it("in DEGRADED_MODERATE a coordinator routes to healthy sectors only", () => {
    const topology = new Topology(shapeOf(2, 1, { B: 6 }));
    const { host, coordinator } = coordinatorOn(options, topology);
    const [here] = topology.clusters;
    const agent = impedanceOf(here!.firstAgent, { processingMs: 1, processingSamples: 10 });
    host.deliver(here!.lead, clusterSummary(0, { bestByCapability: new Map([["api", agent]]) }));
    coordinator.submit(TASK);
    expect(host.sentOf("COORDINATE")).toHaveLength(1);
    host.deliver(0, order("DEGRADED_MODERATE", 1, [0]));
    coordinator.submit(TASK);
    expect(host.sentOf("COORDINATE")).toHaveLength(1);
    expect(host.factsOf("no-capable-agent")).toHaveLength(1);
  });

  it("in an EMERGENCY every node saves its state", () => {
    const { host } = leadOn(options, 1);
    expect(host.saved).toBeUndefined();
    host.deliver(1, order("EMERGENCY", 1));
    expect(host.saved).toMatchObject({ mode: { mode: "EMERGENCY" } });
  });
});

describe("MESH-30K 6.3: the orchestrator sets the mode by its own statistics", () => {
  /** Sectors of 300 agents that report; `active` says how many are active in each, undefined for silence. */
  function mesh(agents: Parameters<typeof shapeOf>[2] = { B: 3_000 }) {
    const topology = new Topology(shapeOf(10, 1, agents));
    const { host, orchestrator } = orchestratorOn(options, topology);
    const run = (ms: number, active: (sector: number) => number | undefined) => {
      for (let spentMs = 0; spentMs < ms; spentMs += 5_000) {
        for (let sector = 0; sector < 10; sector++) {
          const activeAgents = active(sector);
          const modeNumber = host.sentOf("MODE").at(-1)?.message.number ?? 0;
          if (activeAgents !== undefined) {
            host.deliver(1 + sector, sectorSummary(sector, { activeAgents, modeNumber }));
          }
        }
        host.advance(5_000);
      }
    };
    /** What it has changed the mode to since it began. */
    const modes = () =>
      host
        .factsOf("mode")
        .slice(1)
        .map(({ mode }) => mode);
    return { topology, host, orchestrator, run, modes };
  }

  it("goes down and up through the modes, and tells every coordinator", () => {
    const { host, run, modes } = mesh();
    for (const active of [300, 270, 200, 100, 10, 300]) run(40_000, () => active);
    expect(modes()).toEqual(["DEGRADED_LIGHT", "DEGRADED_MODERATE", "DEGRADED_SEVERE", "EMERGENCY", "FULL"]);
    expect(host.factsOf("operators-alerted")).toHaveLength(1);
    const orders = host.sentOf("MODE").filter(({ to }) => to === 10);
    expect(orders.map(({ message }) => message.mode)).toEqual(modes());
    const numbers = orders.map(({ message }) => message.number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it("takes the first half minute for what it is: nobody has reported everything yet", () => {
    const { run, modes } = mesh();
    run(25_000, () => 30);
    expect(modes()).toEqual([]);
    run(20_000, () => 300);
    expect(modes()).toEqual([]);
  });

  it("a sector whose summaries stopped does not count as active for ever", () => {
    const { orchestrator, run, modes } = mesh();
    run(40_000, () => 300);
    const onlySomeTalk = (sector: number) => (sector < 7 ? 300 : undefined);
    run(25_000, onlySomeTalk);
    expect(modes()).toEqual([]);
    run(15_000, onlySomeTalk);
    expect(modes()).toEqual(["DEGRADED_MODERATE"]);
    expect(orchestrator.status()).toMatchObject({ activeRate: 0.7, sectorsSilent: 3, sectorsDegraded: 3 });
    expect(orchestrator.status().longestSilenceMs).toBeGreaterThanOrEqual(30_000);
    run(10_000, () => 300);
    expect(modes().at(-1)).toBe("FULL");
    expect(orchestrator.status()).toMatchObject({ activeRate: 1, sectorsSilent: 0 });
  });

  it("tells a coordinator again whose summary shows an older order", () => {
    const { host, run } = mesh();
    run(50_000, () => 270);
    const before = host.sentOf("MODE").length;
    host.deliver(4, sectorSummary(3, { activeAgents: 270, modeNumber: 0 }));
    expect(host.sentOf("MODE").slice(before)).toMatchObject([{ to: 4, message: { mode: "DEGRADED_LIGHT" } }]);
  });

  it("outdoes an order that it does not know of, which one before it in office has given", () => {
    const { host, modes } = mesh();
    host.deliver(4, sectorSummary(3, { activeAgents: 300, modeNumber: 7 }));
    const orders = host.sentOf("MODE");
    expect(orders.map(({ to }) => to)).toEqual(Array.from({ length: 10 }, (_, sector) => 1 + sector));
    expect(orders[0]!.message).toMatchObject({ mode: "FULL", number: 8 });
    expect(modes()).toEqual(["FULL"]);
    host.deliver(4, sectorSummary(3, { activeAgents: 300, modeNumber: 8 }));
    expect(host.sentOf("MODE")).toHaveLength(10);
  });

  it("outdoes an order that only a lead knows of any more: its coordinator, too, is new in office", () => {
    const { host } = mesh();
    const clusters = [undefined, clusterSummary(31, { modeNumber: 7 })];
    host.deliver(4, sectorSummary(3, { activeAgents: 300, clusters }));
    expect(host.sentOf("MODE")[0]!.message).toMatchObject({ mode: "FULL", number: 8 });
    host.deliver(4, sectorSummary(3, { activeAgents: 300, modeNumber: 8, clusters }));
    expect(host.sentOf("MODE")).toHaveLength(10);
    host.deliver(
      4,
      sectorSummary(3, { activeAgents: 300, modeNumber: 0, clusters: [clusterSummary(31, { modeNumber: 8 })] }),
    );
    expect(host.sentOf("MODE").slice(10)).toMatchObject([{ to: 4, message: { number: 8 } }]);
  });

  it("says which mode it begins with: the one in office before may have left the mesh in another", () => {
    expect(mesh().host.factsOf("mode")).toMatchObject([{ mode: "FULL" }]);
  });

  it("DEGRADED_MODERATE: a cascade over 3000 agents is refused, a patient one is queued until FULL", () => {
    const { host, orchestrator, run } = mesh();
    run(50_000, () => 200);
    expect(orchestrator.cascade({ ...wave, priority: 3 })).toBe(false);
    expect(orchestrator.cascade({ ...wave, priority: 1 })).toBe(false);
    expect(host.factsOf("operation-refused")).toHaveLength(1);
    expect(host.factsOf("cascade-started")).toEqual([]);
    run(10_000, () => 300);
    expect(host.factsOf("cascade-started")).toHaveLength(1);
  });

  const severe = (agents: Parameters<typeof shapeOf>[2]) => {
    const at = mesh(agents);
    at.run(50_000, () => 100);
    expect(at.modes().at(-1)).toBe("DEGRADED_SEVERE");
    expect(at.orchestrator.cascade({ ...wave, priority: 3 })).toBe(false);
    return at;
  };

  it("DEGRADED_SEVERE: a critical cascade waits for a person's word, and runs when it is yes", () => {
    const { host, topology } = severe({ B: 2_700, F: 300 });
    const asked = host.sentOf("COORDINATE").filter(({ message }) => message.isCheckpoint);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ to }) => topology.clusterOf(to).agentClass === "F")).toBe(true);
    expect(host.factsOf("cascade-started")).toEqual([]);
    host.deliver(asked[0]!.to, acknowledge(asked[0]!.message, asked[0]!.to));
    expect(host.factsOf("cascade-started")).toHaveLength(1);
  });

  it("DEGRADED_SEVERE: refused where everybody says no, where nobody answers within the hour, where there is nobody", () => {
    const no = severe({ B: 2_700, F: 300 });
    for (const { to, message } of no.host.sentOf("COORDINATE").filter((sent) => sent.message.isCheckpoint)) {
      no.host.deliver(to, acknowledge(message, to, { trinaryState: -1 }));
    }
    expect(no.host.factsOf("operation-refused")).toMatchObject([{ reason: "not approved" }]);
    const silent = severe({ B: 2_700, F: 300 });
    silent.run(3_590_000, () => 100);
    expect(silent.host.factsOf("operation-refused")).toEqual([]);
    silent.run(20_000, () => 100);
    expect(silent.host.factsOf("operation-refused")).toMatchObject([{ reason: "not approved" }]);
    const nobody = severe({ B: 3_000 });
    expect(nobody.host.factsOf("operation-refused")).toMatchObject([{ reason: "not approved" }]);
    expect(nobody.host.factsOf("cascade-started")).toEqual([]);
  });

  it("an orchestrator that comes back knows the mode, and numbers orders and cascades on", () => {
    const { host, orchestrator, run, topology } = mesh();
    orchestrator.cascade({ ...wave, priority: 2 });
    run(50_000, () => 270);
    const again = orchestratorOn(options, topology);
    again.orchestrator.start(host.saved);
    expect(again.host.factsOf("mode-taken")).toMatchObject([{ mode: "DEGRADED_LIGHT" }]);
    again.orchestrator.cascade({ ...wave, priority: 2 });
    expect(again.host.factsOf("cascade-started")).toMatchObject([{ cascade: 2 }]);
  });
});

describe("MESH-30K 6.3: orders of the mode on their way", () => {
  it("one that was overtaken is ignored", () => {
    const { host } = leadOn(options, 1);
    host.deliver(1, order("EMERGENCY", 4));
    host.deliver(1, order("DEGRADED_LIGHT", 3));
    expect(host.factsOf("mode-taken").map(({ mode }) => mode)).toEqual(["EMERGENCY"]);
  });

  it("reach every lead although most are lost, and all are FULL again in the end", () => {
    const mesh = new FakeMesh(shapeOf(2, 2, { B: 16 }), options, { delayMs: 20, serviceMs: 40 });
    mesh.run(40_000);
    // The agents of one sector fall silent; two of three orders are lost.
    let orders = 0;
    const silent = (address: number) => mesh.topology.isAgent(address) && mesh.topology.clusterOf(address).sector === 1;
    let isCut = true;
    mesh.loses = ({ from, to, message }) => {
      if (message.type === "MODE" && orders++ % 3 !== 2) return true;
      return isCut && (silent(from) || silent(to));
    };
    mesh.run(120_000);
    const modeOf = (address: number) => mesh.hosts[address]!.factsOf("mode-taken").at(-1)?.mode;
    const leads = mesh.topology.clusters.map(({ lead }) => lead);
    // Half of the agents are active.
    expect(leads.map(modeOf)).toEqual(leads.map(() => "DEGRADED_SEVERE"));
    isCut = false;
    mesh.run(120_000);
    expect(leads.map(modeOf)).toEqual(leads.map(() => "FULL"));
  });
});
