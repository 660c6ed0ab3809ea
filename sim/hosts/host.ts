/** One shared machine: what its nodes share, and when something happens there of its own accord. */
import type { Address } from "../../protocol/contract.js";
import { NONE } from "../event-store.js";
import type { Micros } from "../time.js";
import { US_PER_S } from "../time.js";
import type { HostFigures } from "./host-figures.js";
import type { HostSpec } from "./host-plan.js";
import { Line } from "./line.js";
import { SharedWork } from "./shared-work.js";
import { Stock } from "./stock.js";
import { Temperature } from "./temperature.js";

const NEVER = Number.POSITIVE_INFINITY;

export class Host {
  readonly work: SharedWork | undefined;
  readonly stock: Stock | undefined;
  readonly temperature: Temperature | undefined;
  /** What its nodes send, and what comes to them; one and the same where they wait for each other. */
  readonly up: Line | undefined;
  readonly down: Line | undefined;
  /** The pending event that ends the job that is through first: its slot, whose job it is and when. */
  endSlot = NONE;
  endOf: Address = NONE;
  endUs: Micros = NEVER;
  /** The pending event at which the machine looks at its temperature. */
  stepSlot = NONE;
  stepUs: Micros = NEVER;
  /** Nodes that were killed for want of memory, and jobs that were rejected for want of disk. */
  kills = 0;
  refusals = 0;

  /** @param index of the host in its plan */
  constructor(
    readonly spec: HostSpec,
    readonly index: number,
  ) {
    const { sharing, storage, line } = spec;
    this.work = sharing && new SharedWork(sharing);
    this.temperature = sharing?.heat && new Temperature(sharing.heat);
    this.stock = storage && new Stock(storage);
    this.up = line && new Line(line.bitsPerS, line.room);
    this.down = line?.halfDuplex === true ? this.up : line && new Line(line.bitsPerS, line.room);
  }

  /** In whose name it has events of its own. */
  get firstNode(): Address {
    return this.spec.nodes[0]!;
  }

  /** Changes nothing: whoever looks at the books in the middle of a run finds the same at its end. */
  figures(nowUs: Micros): HostFigures {
    const { spec, work, temperature, stock, up, down } = this;
    const share = (us: number | undefined) => (us === undefined ? null : us / Math.max(1, nowUs));
    const most = stock?.most();
    return {
      host: this.index,
      kind: spec.kind,
      firstNode: this.firstNode,
      nodes: spec.nodes.length,
      busyShare: work === undefined ? null : share(work.busyTotalUs(nowUs) / spec.sharing!.cores),
      heldUpS: work === undefined ? null : work.heldUpTotalUs(nowUs) / US_PER_S,
      hottestC: temperature?.hottestUntilC(nowUs) ?? null,
      throttledShare: share(temperature?.throttledTotalUs(nowUs)),
      memoryShare: most?.memoryShare ?? null,
      diskShare: most?.diskShare ?? null,
      lineShare: share(up && Math.max(up.busyTotalUs, down!.busyTotalUs)),
      dropped: up === undefined ? 0 : up.droppedTotal + (down === up ? 0 : down!.droppedTotal),
      killed: this.kills,
      refused: this.refusals,
    };
  }
}
