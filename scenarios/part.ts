/** A part of a mesh on a simulation of its own, or the whole of it, with the probe that watches it. */
import type { Fact } from "../protocol/mesh-30k/facts.js";
import { sizeBytes } from "../protocol/mesh-30k/message-size.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import { damaged, digest, ttlMs } from "../protocol/mesh-30k/wire.js";
import type { Border } from "../sim/border.js";
import { EventKind } from "../sim/event-store.js";
import { OrderJudge } from "../sim/judges/order.js";
import { NodeRows } from "../sim/node-rows.js";
import { Simulation } from "../sim/simulation.js";
import { schedulePushes } from "./faults/context-push.js";
import { Sabotage } from "./faults/sabotage.js";
import type { MeshNotes } from "./measure/mesh-notes.js";
import { MeshProbe } from "./measure/mesh-probe.js";
import { SecondBySecond } from "./measure/second-by-second.js";
import { TrafficTally } from "./measure/traffic-tally.js";
import { attachMesh } from "./mesh.js";
import { busOf, isWithinCluster } from "./mesh-bus.js";
import { type NodeMemory, ROW_CELLS } from "./node-memory.js";
import type { Report } from "./outcome.js";
import { type PlayedWorld, playedWorld } from "./played-world.js";
import type { Stage } from "./stage.js";
import type { EventSink } from "./trace.js";
import { scheduleWorkload } from "./workload.js";

/** How many jobs may wait at one agent: far beyond what a time to live lets wait, so that it bounds memory only. */
const QUEUE_CAPACITY = 10_000;

export interface PartOptions {
  /** Where the part ends; left out, it is the whole mesh. */
  readonly border?: Border<MeshMessage>;
  /** Left out, the part has its own. */
  readonly memory?: NodeMemory;
  /** Told of every second that is over. */
  readonly onSecond?: (second: number) => void;
  /** Told of every event, for a trace. */
  readonly onEvent?: EventSink;
}

export class Part {
  readonly simulation: Simulation<MeshMessage, Fact>;
  readonly traffic: TrafficTally;
  private readonly series: SecondBySecond;
  private readonly world: PlayedWorld;
  /** By fault: how often the scenario's own part in it took effect. */
  private readonly pushed: number[];
  private readonly order: OrderJudge<MeshMessage> | undefined;

  constructor(stage: Stage, notes: MeshNotes, { border, memory, onSecond, onEvent }: PartOptions = {}) {
    const { topology } = stage;
    const sites = stage.placeNodes();
    const { scenario } = stage.loaded;
    const { seed } = scenario;
    this.traffic = new TrafficTally(topology.agentCount, memory?.agents);
    const isBeyond = border && ((address: number) => border.isBeyond(address));
    const rows = new NodeRows(topology.nodeCount, ROW_CELLS, isBeyond, memory?.rows);
    const played = playedWorld(stage, sites, rows, memory);
    this.world = played;
    const probe = new MeshProbe(topology, notes, scenario.protocol.options.takeover, played.clocks, this.traffic);
    const makeTransport = busOf(scenario, topology, played.links);
    const order =
      makeTransport && new OrderJudge<MeshMessage>((from, to) => isWithinCluster(topology, from, to), ttlMs);
    this.order = order;
    const { faults } = played;
    this.simulation = new Simulation<MeshMessage, Fact>({
      seed,
      nodeCount: topology.nodeCount,
      rows,
      links: played.links,
      serviceTimes: played.serviceTimes,
      clocks: played.clocks,
      platform: played.platform,
      hosts: played.hosts,
      arrivals: stage.arrivals,
      ...(faults !== undefined && { faults, tampering: new Sabotage() }),
      ...(makeTransport !== undefined && { makeTransport }),
      wire: { ttlMs, digest, damaged, sizeBytes },
      queueCapacity: QUEUE_CAPACITY,
      ...(border !== undefined && { border }),
      observer: {
        onSend: (nowUs, from, to, message) => {
          probe.onSend(nowUs, from, to, message);
          order?.onSend(nowUs, from, to, message);
        },
        onLife: (nowUs, address, life) => probe.onLife(nowUs, address, life),
        onFact: (nowUs, node, fact) => probe.onFact(nowUs, node, fact),
        onSecond: (second) => {
          this.series.close(second);
          onSecond?.(second);
        },
        onEvent: (atUs, kind, origin, target, datum) => {
          if (kind === EventKind.deliver) {
            probe.onDelivered(atUs, origin, target, datum as MeshMessage);
            order?.onDelivered(atUs, origin, target, datum as MeshMessage);
          }
          onEvent?.(atUs, kind, origin, target, datum);
        },
      },
    });
    this.series = new SecondBySecond(this.simulation);
    const { options, parameters } = scenario.protocol;
    const mesh = attachMesh(this.simulation, topology, options, parameters);
    this.simulation.start();
    scheduleWorkload(this.simulation, mesh, scenario, (nowUs, process, strategy) => {
      notes.refused(nowUs, process, strategy);
    });
    this.pushed = stage.stagedFaults.faults.map(() => 0);
    schedulePushes(this.simulation, topology, stage.stagedFaults.pushes, this.pushed);
  }

  report(): Report {
    return {
      nowUs: this.simulation.nowUs,
      books: this.simulation.books(),
      ...(this.order !== undefined && { order: this.order.counts }),
      coldStarts: this.world.coldStarts(),
      seconds: this.series.rows,
      sentBySecond: this.traffic.sentBySecond,
      pushed: this.pushed,
    };
  }
}
