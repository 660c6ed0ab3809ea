/** A part of a mesh on a simulation of its own, or the whole of it, with the probe that watches it. */
import { WorldClocks } from "../models/clocks.js";
import { WorldLinks } from "../models/links.js";
import { WorldServiceTimes } from "../models/service-times.js";
import type { Fact } from "../protocol/mesh-30k/facts.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import { digest, ttlMs } from "../protocol/mesh-30k/wire.js";
import type { Border } from "../sim/border.js";
import { EventKind } from "../sim/event-store.js";
import { OrderJudge } from "../sim/judges/order.js";
import { NodeRows } from "../sim/node-rows.js";
import { Simulation } from "../sim/simulation.js";
import type { MeshNotes } from "./measure/mesh-notes.js";
import { MeshProbe } from "./measure/mesh-probe.js";
import { SecondBySecond } from "./measure/second-by-second.js";
import { TrafficTally } from "./measure/traffic-tally.js";
import { attachMesh } from "./mesh.js";
import { busOf, isWithinCluster } from "./mesh-bus.js";
import { type NodeMemory, ROW_CELLS } from "./node-memory.js";
import type { Report } from "./outcome.js";
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
  private readonly serviceTimes: WorldServiceTimes;
  private readonly order: OrderJudge<MeshMessage> | undefined;

  constructor(stage: Stage, notes: MeshNotes, { border, memory, onSecond, onEvent }: PartOptions = {}) {
    const { topology, world } = stage;
    const sites = stage.placeNodes();
    const { scenario } = stage.loaded;
    const { seed } = scenario;
    this.traffic = new TrafficTally(topology.agentCount, memory?.agents);
    const probe = new MeshProbe(topology, notes, this.traffic);
    const isBeyond = border && ((address: number) => border.isBeyond(address));
    const rows = new NodeRows(topology.nodeCount, ROW_CELLS, isBeyond, memory?.rows);
    this.serviceTimes = new WorldServiceTimes(world, sites, seed, rows);
    const links = new WorldLinks(world, sites, seed, rows);
    const makeTransport = busOf(scenario, topology, links);
    const order =
      makeTransport && new OrderJudge<MeshMessage>((from, to) => isWithinCluster(topology, from, to), ttlMs);
    this.order = order;
    this.simulation = new Simulation<MeshMessage, Fact>({
      seed,
      nodeCount: topology.nodeCount,
      rows,
      links,
      ...(makeTransport !== undefined && { makeTransport }),
      serviceTimes: this.serviceTimes,
      clocks: new WorldClocks(world, sites, seed, memory?.clocks),
      wire: { ttlMs, digest },
      queueCapacity: QUEUE_CAPACITY,
      ...(border !== undefined && { border }),
      observer: {
        onSend: (nowUs, from, to, message) => {
          probe.onSend(nowUs, from, to, message);
          order?.onSend(nowUs, from, to, message);
        },
        onFact: (nowUs, node, fact) => probe.onFact(nowUs, node, fact),
        onSecond: (second) => {
          this.series.close(second);
          onSecond?.(second);
        },
        onEvent: (atUs, kind, origin, target, datum) => {
          if (kind === EventKind.deliver) {
            probe.onDelivered(target, datum as MeshMessage);
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
    scheduleWorkload(this.simulation, mesh, scenario);
  }

  report(): Report {
    return {
      nowUs: this.simulation.nowUs,
      books: this.simulation.books(),
      ...(this.order !== undefined && { order: this.order.counts }),
      coldStarts: this.serviceTimes.coldStarts,
      seconds: this.series.rows,
      sentBySecond: this.traffic.sentBySecond,
    };
  }
}
