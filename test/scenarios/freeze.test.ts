/** Freeze and thaw of a whole mesh: it halts, keeps its state, and loses nothing. */
import { describe, expect, it } from "vitest";
import type { FreezeOrder } from "../../protocol/mesh-30k/messages.js";
import { US_PER_S } from "../../sim/time.js";
import { laidOutMesh } from "./laid-out-mesh.js";
import { load, VARIED } from "./small-mesh.js";

const FREEZE_S = 15;
const THAW_S = 25;
const END_S = 50;
/** An order has reached every agent, and the work that it found begun is done. */
const HALTED_S = FREEZE_S + 2;

const LOADED = load(VARIED, [
  "network.loss=0 %", // an order that is lost is another story
  "workload.intraCluster=2 / s",
  "workload.interCluster=0 / s",
  "workload.meshWide=0 / s",
  "workload.pipelineShare=0 %",
  "workload.cascades=[{ strategy: parallel, every: 2 s, first: 10 s }]",
  "mesh.classes={ A: 20, B: 20, C: 20, D: 20 }",
]);

interface Watched {
  /** Of every task handed to an agent, and of every message that was READY, in seconds. */
  readonly routedS: readonly number[];
  readonly readyS: ReadonlyMap<number, number>;
  readonly startedS: readonly number[];
  readonly heartbeats: number;
}

function watched(orders: readonly (readonly [atS: number, thaw: boolean])[]): Watched {
  const routedS: number[] = [];
  const readyS = new Map<number, number>();
  const startedS: number[] = [];
  let heartbeats = 0;
  const { simulation, mesh } = laidOutMesh(LOADED, {
    observer: {
      onSend: (_nowUs, _from, _to, message) => {
        if (message.type === "HEARTBEAT") heartbeats++;
      },
      onFact: (nowUs, _node, fact) => {
        const nowS = nowUs / US_PER_S;
        if (fact.type === "routed") routedS.push(nowS);
        else if (fact.type === "cascade-started") startedS.push(nowS);
        else if (fact.type === "ready" && !readyS.has(fact.message.messageId)) {
          readyS.set(fact.message.messageId, nowS);
        }
      },
    },
  });
  for (const [atS, thaw] of orders) {
    const order: FreezeOrder = { type: "FREEZE", thaw, scope: "global", targetId: 0 };
    simulation.command(atS * US_PER_S, 0, () => mesh.orchestrator(0)?.freeze(order));
  }
  simulation.run(END_S * US_PER_S);
  return { routedS, readyS, startedS, heartbeats };
}

describe("a frozen mesh", () => {
  const free = watched([]);
  const frozen = watched([
    [FREEZE_S, false],
    [THAW_S, true],
  ]);
  const within = (times: Iterable<number>, fromS: number, toS: number) =>
    [...times].filter((atS) => atS >= fromS && atS < toS).length;

  it("does nothing: no task is handed out, no message worked off, no cascade started", () => {
    for (const times of [frozen.routedS, frozen.readyS.values(), frozen.startedS]) {
      expect(within(times, HALTED_S, THAW_S)).toBe(0);
    }
    expect(within(free.routedS, HALTED_S, THAW_S)).toBeGreaterThan(50);
    expect(within(free.readyS.values(), HALTED_S, THAW_S)).toBeGreaterThan(200);
    expect(within(free.startedS, HALTED_S, THAW_S)).toBe(4);
  });

  it("lives on: heartbeats go out as always", () => {
    expect(frozen.heartbeats).toBe(free.heartbeats);
  });

  it("resumes with everything that came meanwhile: every task is handed out and worked off in the end", () => {
    expect(frozen.routedS.length).toBe(free.routedS.length);
    expect(within(frozen.routedS, THAW_S, THAW_S + 1)).toBeGreaterThan(80);
    const tasks = (run: Watched) => within(run.routedS, 0, END_S - 10);
    const cascades = (run: Watched) => 80 * within(run.startedS, 0, END_S - 10);
    expect(frozen.readyS.size).toBeGreaterThanOrEqual(tasks(frozen) + cascades(frozen));
  });

  it("starts cascades again", () => {
    expect(within(frozen.startedS, THAW_S, END_S)).toBe(within(free.startedS, THAW_S, END_S));
  });
});
