/** What came of a rehearsal, finished or interrupted, before it is made into results. */
import type { Books } from "../sim/books.js";
import type { OrderCounts } from "../sim/judges/order.js";
import type { Micros } from "../sim/time.js";
import type { MeshMeter } from "./measure/mesh-meter.js";
import type { SecondBooks } from "./measure/second-by-second.js";
import type { TrafficTally } from "./measure/traffic-tally.js";
import type { Stage } from "./stage.js";

/** What was counted in a mesh, or in a part of one. */
export interface Report {
  /** How far it has come. */
  readonly nowUs: Micros;
  readonly books: Books;
  /** What the judge of order saw, where a bus stands above the network. */
  readonly order?: OrderCounts;
  /** Jobs that had to wait for their instance to start. */
  readonly coldStarts: number;
  /** The network's books, second by second. */
  readonly seconds: readonly SecondBooks[];
  /** Messages sent, by second and kind; see `TrafficTally`. */
  readonly sentBySecond: readonly number[];
  /** By declared fault: how often the scenario's own part in it took effect; the engine's is in its books. */
  readonly pushed: readonly number[];
}

export interface Outcome extends Report {
  readonly traffic: TrafficTally;
  readonly stage: Stage;
  readonly meter: MeshMeter;
}
